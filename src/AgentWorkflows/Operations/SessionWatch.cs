using AgentWorkflows.Approvals;
using AgentWorkflows.Record;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Words;

namespace AgentWorkflows.Operations;

internal sealed record SessionWatchOptions
{
    /// <summary>A session under way that has taken no step for so long is stuck. Default 30 minutes.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>What one look found.</summary>
/// <param name="Running">Under way; at most <see cref="SessionWatch.MaxSessions"/> are counted.</param>
internal sealed record WatchResult(int Running, int Stuck, int Pending, TimeSpan OldestWait);

/// <summary>
/// Levels that no single step knows: sessions under way and stuck, requests that wait for people. A host looks once a minute, and one of several is
/// enough. Reads nothing while nobody listens. Thread-safe.
/// </summary>
internal sealed class SessionWatch(
    ISessionStore sessions, IApprovalStore approvals, Instruments telemetry, TimeProvider time, SessionWatchOptions options)
{
    public const int MaxSessions = 10_000;
    private const int PageSize = 500;
    private const int MaxApprovals = 1000;

    /// <returns><c>null</c>: nobody listens.</returns>
    public async Task<WatchResult?> LookAsync(CancellationToken cancellationToken)
    {
        if (!telemetry.WantsLevels)
        {
            return null;
        }
        var pending = await approvals.ListAsync(new ApprovalQuery { Status = ApprovalStatus.Pending, Limit = MaxApprovals }, cancellationToken);
        // One that asks somebody, but has not written yet that it waits, is not under way either.
        var (running, stuck) = await CountAsync(pending.Select(request => request.SessionId).ToHashSet(StringComparer.Ordinal), cancellationToken);
        var oldest = pending.Count == 0 ? TimeSpan.Zero : time.GetUtcNow() - pending.Min(request => request.RequestedAt);
        var result = new WatchResult(running, stuck, pending.Count, oldest < TimeSpan.Zero ? TimeSpan.Zero : oldest);
        telemetry.Levels(result.Running, result.Stuck, result.Pending, result.OldestWait);
        return result;
    }

    private async Task<(int Running, int Stuck)> CountAsync(HashSet<string> asking, CancellationToken cancellationToken)
    {
        var (running, stuck) = (0, 0);
        var before = time.GetUtcNow() - options.StuckAfter;
        string? cursor = null;
        do
        {
            var page = await sessions.ListAsync(
                new SessionQuery { Statuses = SessionStatuses.UnderWay, PageSize = PageSize, Cursor = cursor }, cancellationToken);
            var underWay = page.Sessions.Where(session => !asking.Contains(session.Id)).ToList();
            running += underWay.Count;
            stuck += underWay.Count(session => session.UpdatedAt < before);
            cursor = page.Cursor;
        }
        while (cursor is not null && running < MaxSessions);
        return (running, stuck);
    }
}
