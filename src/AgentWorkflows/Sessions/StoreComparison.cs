using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow;
using AgentWorkflows.Workflow.V1;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Sessions;

/// <summary>
/// Looks whether the engine and the record speak of the same sessions: after a backup of one of them was restored they do not. What can be put right is; the rest is named, for
/// a person to end. Once in a process's life, then at most once an hour. Thread-safe.
/// </summary>
internal sealed class StoreComparison(
    IOrchestrationClient orchestrations, ISessionStore store, SessionEnds ends, TimeProvider time, ILogger<StoreComparison> logger)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private const int PageSize = 200;
    private const int MaxNamed = 100;

    private long _nextTicks;

    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcTicks;
        var next = Interlocked.Read(ref _nextTicks);
        if (now < next || Interlocked.CompareExchange(ref _nextTicks, now + Interval.Ticks, next) != next)
        {
            return;
        }
        foreach (var finding in await RunAsync(cancellationToken))
        {
            Log.StoresDiffer(logger, finding);
        }
    }

    /// <returns>A sentence for each session that only a person can put right; at most 100.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        string? cursor = null;
        do
        {
            var page = await store.ListAsync(
                new SessionQuery { Statuses = SessionStatuses.NotEnded, PageSize = PageSize, Cursor = cursor }, cancellationToken);
            foreach (var session in page.Sessions)
            {
                var instance = await orchestrations.GetInstanceAsync(session.Id, false, cancellationToken);
                var settled = await ends.SettleAsync(session, instance, cancellationToken);
                if (StoreDrift.Of(session.Id, settled.Progress.Status, instance?.Status) is { } finding
                    && await ends.FindRollbackAsync(session.Id, cancellationToken) is null
                    && await store.GetAsync(session.Id, cancellationToken) is { Progress.Status: var now } && !now.IsTerminal())
                {
                    findings.Add(finding);
                }
            }
            cursor = page.Cursor;
        }
        while (cursor is not null && findings.Count < MaxNamed);
        var going = new OrchestrationQuery
        {
            Name = SessionSteps.Session.Value,
            Statuses = [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended],
            PageSize = PageSize,
        };
        await foreach (var instance in orchestrations.QueryAllInstancesAsync(going, cancellationToken))
        {
            if (findings.Count >= MaxNamed)
            {
                break;
            }
            // One that was started by a process that died before it listed it, or whose record is of an earlier moment, is listed again where the engine knows how it began.
            if (await ends.FindAsync(instance.InstanceId, cancellationToken) is null)
            {
                findings.Add(StoreDrift.Of(instance.InstanceId, null, instance.Status)!);
            }
        }
        return findings;
    }
}

/// <summary>Whether what engine and record say of a session fits together. Pure.</summary>
internal static class StoreDrift
{
    /// <summary>What does not fit, session by session.</summary>
    /// <param name="instances">Of sessions and of their rollbacks.</param>
    public static IReadOnlyList<string> Compare(
        IReadOnlyDictionary<string, SessionStatus> sessions, IReadOnlyDictionary<string, OrchestrationStatus> instances)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(instances);
        var rollback = AgentRollbackOrchestrator.InstanceIdPrefix("");
        var rolledBack = instances.Where(instance => !instance.Value.IsTerminal() && instance.Key.Contains(rollback, StringComparison.Ordinal))
            .Select(instance => instance.Key[..instance.Key.IndexOf(rollback, StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
        var known = sessions.Where(session => !rolledBack.Contains(session.Key)).Select(session => Of(
            session.Key, session.Value, instances.TryGetValue(session.Key, out var status) ? status : null));
        var unknown = instances.Where(instance => !instance.Key.Contains(rollback, StringComparison.Ordinal) && !sessions.ContainsKey(instance.Key))
            .Select(instance => Of(instance.Key, null, instance.Value));
        return [.. known.Concat(unknown).OfType<string>().Order(StringComparer.Ordinal)];
    }

    /// <param name="record"><c>null</c>: there is none.</param>
    /// <param name="engine"><c>null</c>: the engine does not know it.</param>
    /// <returns>What does not fit and what to do; <c>null</c> when nothing is amiss or the next look puts it right.</returns>
    public static string? Of(string sessionId, SessionStatus? record, OrchestrationStatus? engine) => (record, engine) switch
    {
        ({ } status, null) when !status.IsTerminal() =>
            $"Session '{sessionId}' is {status} in its record, but the engine does not know it, so nothing goes on with it: the two files are of different moments. {Advice(sessionId)}",
        ({ } status, OrchestrationStatus.Completed) when !status.IsTerminal() =>
            $"Session '{sessionId}' is {status} in its record, but the engine has completed it: the two files are of different moments. {Advice(sessionId)}",
        (null, { } running) when !running.IsTerminal() =>
            $"Session '{sessionId}' is {running} in the engine, but there is no record of it: the two files are of different moments. {Advice(sessionId)}",
        _ => null,
    };

    private static string Advice(string sessionId) =>
        $"Restore both files from one backup, or end it with the command 'terminate {sessionId}'.";
}
