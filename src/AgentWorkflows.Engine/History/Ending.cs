using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.History;

/// <summary>Failures that the engine itself gives.</summary>
internal static class Ending
{
    public static FailureDetails Terminated(string? reason) =>
        new(DurableErrorTypes.Terminated, reason is null ? "The instance was terminated." : $"The instance was terminated: {reason}");

    public static FailureDetails Duplicate(string instanceId) =>
        new(DurableErrorTypes.DuplicateInstance, $"An instance with the id '{instanceId}' exists already. Choose another id for the sub-orchestration.");

    public static FailureDetails Purged(string instanceId) =>
        new(DurableErrorTypes.Terminated, $"The sub-orchestration '{instanceId}' no longer exists: it was purged.", true);

    public static FailureDetails OrchestratorNotRegistered(string name, string version) =>
        new(DurableErrorTypes.NotRegistered, $"No orchestrator named '{name}' is registered for version '{version}'.", true);

    public static FailureDetails ActivityNotRegistered(string name) =>
        new(DurableErrorTypes.NotRegistered, $"No activity named '{name}' is registered.", true);
}
