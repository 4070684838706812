using AgentWorkflows.Agents;
using AgentWorkflows.Server.Hosting;

namespace AgentWorkflows.Server.Evals;

/// <summary>What is tried, and how.</summary>
internal sealed record EvalSetup(EmbeddedProgram Program, AgentDefinition Agent)
{
    /// <summary>In place of the program's own folders of agents.</summary>
    public string? AgentsDirectory { get; init; }

    /// <summary>In place of the deployments of all routes.</summary>
    public string? Model { get; init; }

    /// <summary>Implementations whose effects stay in the data folder.</summary>
    public IReadOnlySet<string> Sandboxed { get; init; } = new HashSet<string>();

    public bool AllowEffects { get; init; }

    /// <summary>Cases with a record are answered from it by the model too.</summary>
    public bool RecordedModel { get; init; }

    public int Trials { get; init; } = 1;

    public int Parallel { get; init; } = 2;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How people are told what answers.</summary>
    public string ModelText { get; init; } = "";
}
