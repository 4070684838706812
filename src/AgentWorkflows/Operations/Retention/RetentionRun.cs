using System.Runtime.CompilerServices;
using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow.V1;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Operations.Retention;

/// <param name="Documents">Sessions that lost their documents and stay themselves.</param>
public sealed record RetentionResult(int Sessions, int Documents, int Entries, int Approvals, int Touches);

/// <summary>
/// Once a day forgets what is older than it has to be kept, in small batches. What a session that goes on, or that can still be rolled back, may need
/// stays: cost entries, approvals and notes about resources are kept at least as long as the oldest session that has not ended. Agents' snapshots
/// stay. Thread-safe.
/// </summary>
public sealed class RetentionRun(
    ISessionStore sessions, IRetentionStore store, ICostLedger ledger, IOrchestrationClient orchestrations, AgentSnapshots snapshots,
    IDailyClaims claims, RetentionOptions options, TimeProvider time, ILogger<RetentionRun> logger)
{
    private const string Work = "retention";
    private const int PageSize = 200;
    private const int BatchSize = 500;

    /// <summary>As long as an agent can keep its sessions open to a rollback.</summary>
    private static readonly TimeSpan LongestRollback = TimeSpan.FromDays(365);

    private static readonly TimeSpan Hold = TimeSpan.FromHours(1);

    /// <returns><c>null</c>: done today, or somebody else is at it.</returns>
    public async Task<RetentionResult?> RunDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (await claims.TryTakeAsync(Work, today, now, Hold, cancellationToken) != DailyClaim.Taken)
        {
            return null;
        }
        var result = await RunAsync(cancellationToken);
        await claims.CompleteAsync(Work, today, time.GetUtcNow(), cancellationToken);
        return result;
    }

    public async Task<RetentionResult> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = await OldestGoingAsync(cancellationToken) ?? now;
        DateTimeOffset Before(TimeSpan kept) => oldest < now - kept ? oldest : now - kept;
        var (ended, documents) = await ForgetSessionsAsync(now, cancellationToken);
        var result = new RetentionResult(
            ended, documents,
            await DrainAsync(limit => ledger.PurgeAsync(Before(options.Ledger), limit, cancellationToken)),
            await DrainAsync(limit => store.PurgeApprovalsAsync(Before(options.Approvals), limit, cancellationToken)),
            await DrainAsync(limit => store.PurgeTouchesAsync(Before(options.Sessions + LongestRollback), limit, cancellationToken)));
        Log.Forgotten(logger, result.Sessions, result.Documents, result.Entries, result.Approvals, result.Touches);
        return result;
    }

    private static async Task<int> DrainAsync(Func<int, Task<int>> purge)
    {
        var (total, last) = (0, BatchSize);
        while (last == BatchSize)
        {
            total += last = await purge(BatchSize);
        }
        return total;
    }

    private async Task<(int Sessions, int Documents)> ForgetSessionsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (forgotten, emptied) = (0, 0);
        var shortest = options.Documents < options.Sessions ? options.Documents : options.Sessions;
        var kept = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        await foreach (var session in ListAsync(SessionStatuses.Ended, now - shortest, cancellationToken))
        {
            if (session.UpdatedAt >= now - shortest || session.UpdatedAt >= now - await RollbackOfAsync(session, kept, cancellationToken))
            {
                continue;
            }
            if (session.UpdatedAt < now - options.Sessions)
            {
                forgotten += await TryAsync(session, ForgetAsync, cancellationToken) ? 1 : 0;
            }
            else
            {
                emptied += await TryAsync(session, EmptyAsync, cancellationToken) ? 1 : 0;
            }
        }
        return (forgotten, emptied);
    }

    /// <summary>How long the session's agent lets it be rolled back.</summary>
    private async Task<TimeSpan> RollbackOfAsync(SessionRecord session, Dictionary<string, TimeSpan> known, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(session.SnapshotHash, out var rollback))
        {
            rollback = (await snapshots.GetAsync(session.SnapshotHash, cancellationToken))?.Rollback.Retention ?? TimeSpan.Zero;
            known.Add(session.SnapshotHash, rollback);
        }
        return rollback;
    }

    private async Task<bool> TryAsync(
        SessionRecord session, Func<SessionRecord, CancellationToken, Task<bool>> forget, CancellationToken cancellationToken)
    {
        try
        {
            return await forget(session, cancellationToken);
        }
#pragma warning disable CA1031 // One session that cannot be forgotten must not keep all the others.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.NotForgotten(logger, session.Id, RedactedException.ForLog(e));
            return false;
        }
    }

    /// <summary>The histories first: as long as the session is listed, they are found again.</summary>
    private async Task<bool> ForgetAsync(SessionRecord session, CancellationToken cancellationToken)
    {
        var instances = new List<string> { session.Id };
        var rollbacks = new OrchestrationQuery { InstanceIdPrefix = AgentRollbackOrchestrator.InstanceIdPrefix(session.Id), PageSize = PageSize };
        await foreach (var rollback in orchestrations.QueryAllInstancesAsync(rollbacks, cancellationToken))
        {
            instances.Add(rollback.InstanceId);
        }
        foreach (var instance in instances)
        {
            if (await orchestrations.PurgeInstanceAsync(instance, cancellationToken) == CommandOutcome.StillRunning)
            {
                return false;
            }
        }
        return await store.RemoveSessionAsync(session.Id, session.UpdatedAt, cancellationToken);
    }

    private Task<bool> EmptyAsync(SessionRecord session, CancellationToken cancellationToken) =>
        store.RemoveDocumentsAsync(session.Id, session.UpdatedAt, cancellationToken);

    private async Task<DateTimeOffset?> OldestGoingAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? oldest = null;
        await foreach (var session in ListAsync(SessionStatuses.NotEnded, null, cancellationToken))
        {
            oldest = session.CreatedAt;
        }
        return oldest;
    }

    /// <summary>Newest first, so that what is forgotten on the way does not move what is still to come.</summary>
    private async IAsyncEnumerable<SessionRecord> ListAsync(
        IReadOnlyCollection<SessionStatus> statuses, DateTimeOffset? before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await sessions.ListAsync(
                new SessionQuery { Statuses = statuses, CreatedBefore = before, PageSize = PageSize, Cursor = cursor }, cancellationToken);
            foreach (var session in page.Sessions)
            {
                yield return session;
            }
            cursor = page.Cursor;
        }
        while (cursor is not null);
    }
}
