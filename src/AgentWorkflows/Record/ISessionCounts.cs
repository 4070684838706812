using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>How many sessions there are of each status.</summary>
internal interface ISessionCounts
{
    /// <param name="userId"><c>null</c>: of all users.</param>
    /// <returns>By status as lists show it; statuses without a session are left out. <c>null</c>: the store cannot count without reading everything.</returns>
    Task<IReadOnlyDictionary<SessionStatus, int>?> CountAsync(string? userId, CancellationToken cancellationToken);
}
