using System.Text.Json.Serialization;
using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
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
public sealed record AgentDefinition
{
    /// <summary>1 to 64 of <c>a-z 0-9 -</c>; the folder's name.</summary>
    public required string Name { get; init; }

    public required string Version { get; init; }

    public string Description { get; init; } = "";

    /// <summary>The system prompt.</summary>
    public required string Instructions { get; init; }

    public required IReadOnlyDictionary<ModelPurpose, ModelRoute> Models { get; init; }

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

/// <summary>Which deployment answers for a purpose.</summary>
public sealed record ModelRoute
{
    /// <summary>A deployment of the provider, or <c>offline-playbook</c>. <c>default</c> takes the one configured for the host, or the playbook when there is none.</summary>
    public string Deployment { get; init; } = "default";

    /// <summary>Asked when <see cref="Deployment"/> fails, is refused by its breaker, or answers nothing of use twice. Default: none.</summary>
    public string? Fallback { get; init; }

    /// <summary>Of <c>plan</c> only: plans sessions whose goal is judged simple. Default: none, and no goal is judged.</summary>
    public string? Simple { get; init; }

    /// <summary>What a request and its answer may have together; older turns are summarized to fit. Default 100,000, 1,000 to 2,000,000.</summary>
    public int WindowTokens { get; init; } = 100_000;

    /// <summary>Identical requests at temperature 0 are answered from memory. Default: no.</summary>
    public bool Cache { get; init; }

    /// <summary>1 to 100,000; default 1,000.</summary>
    public int MaxOutputTokens { get; init; } = 1000;

    /// <summary>0 to 2; default 0. <c>null</c>: none is sent, for models that refuse it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? Temperature { get; init; } = 0;
}

/// <summary>Micro-USD per million tokens: 2.50 USD per million is 2,500,000. All more than zero, except that cached input may equal input.</summary>
public sealed record ModelPrice
{
    public required long InputMicrosPerMillion { get; init; }

    public required long CachedInputMicrosPerMillion { get; init; }

    public required long OutputMicrosPerMillion { get; init; }

    public long MicrosPerCall { get; init; }

    /// <summary>Which price sheet this came from; kept on cost entries.</summary>
    public required string SheetVersion { get; init; }
}
