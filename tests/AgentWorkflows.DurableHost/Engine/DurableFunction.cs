namespace AgentWorkflows.DurableHost.Engine;

public enum DurableFunctionKind
{
    Orchestrator,
    Activity,
}

/// <param name="Function">The function's own name.</param>
/// <param name="Name">Under which orchestrations call it.</param>
/// <param name="Kind">By its trigger.</param>
public sealed record DurableFunction(string Function, string Name, DurableFunctionKind Kind);
