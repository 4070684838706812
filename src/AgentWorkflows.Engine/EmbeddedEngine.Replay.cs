using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Replay;

namespace AgentWorkflows.Engine;

/// <summary>What replaying an instance's recorded history against the code as it is now came to.</summary>
/// <param name="Events">How many events of the current execution were replayed.</param>
/// <param name="Divergence">Which step differed, what history says and what the code did; <c>null</c> when the code decides what it decided then.</param>
public sealed record ReplayReport(string InstanceId, int Events, FailureDetails? Divergence);

public sealed partial class EmbeddedEngine
{
    /// <summary>Runs the orchestrator of an instance, finished or not, over its history, and compares. Changes nothing and runs no activity.</summary>
    /// <returns><c>null</c> when there is no such instance.</returns>
    public Task<ReplayReport?> ReplayAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return Task.Run(() => Replay(instanceId), cancellationToken);
    }

    internal ReplayReport? Replay(string instanceId)
    {
        if (_store.Load(instanceId) is not { } stored)
        {
            return null;
        }
        var row = stored.Row;
        var history = EffectiveHistory.Of(stored.History);
        if (!_core.Registry.TryGetOrchestrator(row.Name, row.Version, out var registration))
        {
            return new ReplayReport(instanceId, history.Count, Ending.OrchestratorNotRegistered(row.Name, row.Version));
        }
        var start = history.OfType<ExecutionStarted>().First();
        var identity = new ExecutionIdentity(row.Id, row.Execution, row.CreatedAt, row.Name, row.Version, row.Parent?.InstanceId, start.Input);
        var coroutine = new Coroutine(registration, _core.Services, identity, _core.Limits, _core.Loggers, new TurnRequests(), () => { });
        return new ReplayReport(instanceId, history.Count, (coroutine.Replay(history) as TurnOutcome.Diverged)?.Failure);
    }
}
