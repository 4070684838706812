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
internal sealed record RetentionResult(int Sessions, int Documents, int Entries, int Approvals, int Touches)
{
    /// <summary>False: its time was over before it was through; the next round goes on.</summary>
    public bool Complete { get; init; } = true;
}

/// <summary>
/// Once a day forgets what is older than it has to be kept, in small batches. What a session that goes on, or that can still be rolled back, may need
/// stays: cost entries, approvals and notes about resources are kept at least as long as the oldest session that has not ended. Agents' snapshots
/// stay. A round ends after <see cref="DailyWorkOptions.Longest"/>, and a later one of the same day goes on. Thread-safe.
/// </summary>
internal sealed class RetentionRun(
    ISessionStore sessions, IRetentionStore store, ICostLedger ledger, IOrchestrationClient orchestrations, AgentSnapshots snapshots,
    IDailyClaims claims, RetentionOptions options, DailyWorkOptions rounds, TimeProvider time, ILogger<RetentionRun> logger)
{
    private const string Work = "retention";
    private const int PageSize = 200;
    private const int BatchSize = 500;

    /// <summary>As long as an agent can keep its sessions open to a rollback.</summary>
    private static readonly TimeSpan LongestRollback = TimeSpan.FromDays(365);

    /// <summary>Longer than a round, so that no second process begins meanwhile; what was cut off is taken up when it is over.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How far a round of today got with the sessions that stay and lose their documents, so that the next one does not look at the same again. In this process only:
    /// another one looks again, and finds that they have none.
    /// </summary>
    private volatile EmptiedUntil? _emptied;

    /// <returns><c>null</c>: done today, or somebody else is at it.</returns>
    public async Task<RetentionResult?> RunDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (await claims.TryTakeAsync(Work, today, now, rounds.Longest + Slack, cancellationToken) != DailyClaim.Taken)
        {
            return null;
        }
        var result = await RunAsync(new Round(now, now + rounds.Longest, time), cancellationToken);
        if (result.Complete)
        {
            await claims.CompleteAsync(Work, today, time.GetUtcNow(), cancellationToken);
        }
        return result;
    }

    /// <summary>All of it, however long it takes, and though it was done today.</summary>
    public Task<RetentionResult> RunAsync(CancellationToken cancellationToken) =>
        RunAsync(new Round(time.GetUtcNow(), DateTimeOffset.MaxValue, time), cancellationToken);

    /// <summary>
    /// What removes the things it looks at comes first: a round that is cut off has then brought the next one forward. Documents come last, because sessions that have lost
    /// theirs are still looked at.
    /// </summary>
    private async Task<RetentionResult> RunAsync(Round round, CancellationToken cancellationToken)
    {
        var now = round.Began;
        var oldest = await OldestGoingAsync(cancellationToken) ?? now;
        DateTimeOffset Before(TimeSpan kept) => oldest < now - kept ? oldest : now - kept;
        var forgotten = await ForgetSessionsAsync(round, cancellationToken);
        var entries = await DrainAsync(round, limit => ledger.PurgeAsync(Before(options.Ledger), limit, cancellationToken));
        var approvals = await DrainAsync(round, limit => store.PurgeApprovalsAsync(Before(options.Approvals), limit, cancellationToken));
        var touches = await DrainAsync(round, limit => store.PurgeTouchesAsync(Before(options.Sessions + LongestRollback), limit, cancellationToken));
        var documents = await ForgetDocumentsAsync(round, cancellationToken);
        var result = new RetentionResult(forgotten, documents, entries, approvals, touches) { Complete = !round.WasCutOff };
        Log.Forgotten(logger, result.Sessions, result.Documents, result.Entries, result.Approvals, result.Touches);
        if (!result.Complete)
        {
            Log.RetentionCutOff(logger, rounds.Longest.TotalMinutes);
        }
        return result;
    }

    private static async Task<int> DrainAsync(Round round, Func<int, Task<int>> purge)
    {
        var (total, last) = (0, BatchSize);
        while (last == BatchSize && round.GoesOn())
        {
            total += last = await purge(BatchSize);
        }
        return total;
    }

    private async Task<int> ForgetSessionsAsync(Round round, CancellationToken cancellationToken)
    {
        var forgotten = 0;
        var before = round.Began - options.Sessions;
        var kept = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        await foreach (var session in ListAsync(SessionStatuses.Ended, before, cancellationToken))
        {
            if (!round.GoesOn())
            {
                break;
            }
            if (session.UpdatedAt < before && session.UpdatedAt < round.Began - await RollbackOfAsync(session, kept, cancellationToken))
            {
                forgotten += await TryAsync(session, ForgetAsync, cancellationToken) ? 1 : 0;
            }
        }
        return forgotten;
    }

    private async Task<int> ForgetDocumentsAsync(Round round, CancellationToken cancellationToken)
    {
        if (options.Documents >= options.Sessions)
        {
            return 0;
        }
        var emptied = 0;
        var today = DateOnly.FromDateTime(round.Began.UtcDateTime);
        var before = round.Began - options.Documents;
        var kept = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        await foreach (var session in ListAsync(SessionStatuses.Ended, _emptied is { } got && got.Day == today ? got.CreatedAt : before, cancellationToken))
        {
            if (!round.GoesOn())
            {
                _emptied = new EmptiedUntil(today, session.CreatedAt.AddTicks(1));
                return emptied;
            }
            if (session.UpdatedAt < before && session.UpdatedAt >= round.Began - options.Sessions
                && session.UpdatedAt < round.Began - await RollbackOfAsync(session, kept, cancellationToken))
            {
                emptied += await TryAsync(session, EmptyAsync, cancellationToken) ? 1 : 0;
            }
        }
        _emptied = null;
        return emptied;
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

    private sealed record EmptiedUntil(DateOnly Day, DateTimeOffset CreatedAt);

    /// <summary>One round's time. What is under way when it is over is finished first.</summary>
    private sealed class Round(DateTimeOffset began, DateTimeOffset until, TimeProvider time)
    {
        public DateTimeOffset Began => began;

        /// <summary>Something was left to do.</summary>
        public bool WasCutOff { get; private set; }

        /// <summary>Asked before each next step.</summary>
        public bool GoesOn()
        {
            WasCutOff = WasCutOff || time.GetUtcNow() >= until;
            return !WasCutOff;
        }
    }
}
