using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Screening;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Permissions;

namespace AgentWorkflows.Agents;

/// <summary>
/// Everything that decides how an agent behaves, as loaded from <c>agents/NAME/agent.yaml</c>. A session runs on the snapshot taken when it started,
/// identified by a hash of its content, however the files change.
/// </summary>
internal sealed record AgentDefinition
{
    /// <summary>1 to 64 of <c>a-z 0-9 -</c>; the folder's name.</summary>
    public required string Name { get; init; }

    public required string Version { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The system prompt.</summary>
    public required string Instructions { get; init; }

    public required IReadOnlyDictionary<ModelPurpose, ModelRoute> Models { get; init; }

    /// <summary>Deployments that may be sent confidential data, beside the offline playbook, which sends nothing anywhere. <c>null</c>: none.</summary>
    public IReadOnlyList<string>? ConfidentialModels { get; init; }

    public required IReadOnlyList<ToolContract> Tools { get; init; }

    /// <summary>Who may call what, on what. The first rule that covers a call decides; what no rule covers is denied.</summary>
    public IReadOnlyList<PermissionRule> Permissions { get; init; } = [];

    public SessionLimits Limits { get; init; } = new();

    public ApprovalPolicy Approvals { get; init; } = new();

    public RollbackPolicy Rollback { get; init; } = new();

    /// <summary>What happens to text that looks like an attack, and to answers that name what nobody vouches for.</summary>
    public ScreeningPolicy Screening { get; init; } = new();

    /// <summary>Keys a session's context must have.</summary>
    public IReadOnlyList<string> RequiredContext { get; init; } = ["project_id", "user_id", "budget_limit", "task_priority"];

    /// <summary>Input, cached and output prices in force, by model.</summary>
    public required IReadOnlyDictionary<string, ModelPrice> Prices { get; init; }

    /// <summary>The script of the offline playbook model; <c>null</c> when the agent has none.</summary>
    public Playbook? Playbook { get; init; }

    /// <summary>What a model is offered in a session of this role: not what only compensates, and not what the role may never call.</summary>
    public IEnumerable<ToolContract> ToolsFor(string role) => Tools.Where(tool => tool.Offered && PermissionMatrix.MayEverRun(Permissions, role, tool.Name));

    public ToolContract? FindTool(string name) => Tools.FirstOrDefault(tool => string.Equals(tool.Name, name, StringComparison.Ordinal));
}
