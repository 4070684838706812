using AgentWorkflows.Sessions;

namespace AgentWorkflows.Functions.Durable;

/// <summary>The platform gives out no whole histories, so that none can be replayed here.</summary>
internal sealed class NoReplayCheck : IReplayCheck
{
    public Task<IReadOnlyList<ReplayedInstance>?> ReplayAsync(string sessionId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ReplayedInstance>?>(null);
}
