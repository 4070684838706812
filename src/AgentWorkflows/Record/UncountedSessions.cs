using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>For stores that could count only by reading everything, and for those of others, of which it is not known.</summary>
internal sealed class UncountedSessions : ISessionCounts
{
    public Task<IReadOnlyDictionary<SessionStatus, int>?> CountAsync(string? userId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<SessionStatus, int>?>(null);
}
