using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>How many sessions there are of each status. A store that cannot count cheaply does not implement it, and hosts do without.</summary>
internal interface ISessionCounts
{
    /// <param name="userId"><c>null</c>: of all users.</param>
    /// <returns>By status as lists show it; statuses without a session are left out.</returns>
    Task<IReadOnlyDictionary<SessionStatus, int>> CountAsync(string? userId, CancellationToken cancellationToken);
}
