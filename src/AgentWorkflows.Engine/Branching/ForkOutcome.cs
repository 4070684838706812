using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine;

/// <summary>The outcome of <see cref="EmbeddedEngine.ForkAsync"/>.</summary>
public abstract record ForkOutcome
{
    /// <param name="KeptEvents">How many events of the source count in the new instance.</param>
    public sealed record Forked(string InstanceId, int KeptEvents) : ForkOutcome;

    /// <summary>There is no such source.</summary>
    public sealed record SourceNotFound(string SourceInstanceId) : ForkOutcome;

    /// <summary>There is an instance of the new id, running or ended. Nothing was started.</summary>
    public sealed record DuplicateStart(string InstanceId, OrchestrationStatus Status) : ForkOutcome;

    /// <summary>
    /// At the chosen point the source waited for a sub-orchestration, whose end would be told to the source only. Choose a point before
    /// <paramref name="Sequence"/>, where it was scheduled, or one after its result.
    /// </summary>
    public sealed record OpenSubOrchestration(string ChildInstanceId, int Sequence) : ForkOutcome;
}
