namespace AgentWorkflows.Sessions;

/// <param name="InstanceId">The session's orchestration, or one of its rollbacks.</param>
/// <param name="Events">How many recorded events of its current execution were replayed.</param>
/// <param name="Divergence">Which step differs and how; <c>null</c> when today's code decides what was decided then.</param>
internal sealed record ReplayedInstance(string InstanceId, string Status, int Events, string? Divergence);

/// <summary>Re-executes recorded histories against the code as it is. Changes nothing and runs no activity.</summary>
internal interface IReplayCheck
{
    /// <summary>A session's orchestration and its rollbacks; empty when there is no such session.</summary>
    /// <returns><c>null</c>: this engine does not keep whole histories at hand.</returns>
    Task<IReadOnlyList<ReplayedInstance>?> ReplayAsync(string sessionId, CancellationToken cancellationToken);
}
