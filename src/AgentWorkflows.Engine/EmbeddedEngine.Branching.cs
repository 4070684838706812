using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Branching;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Replay;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine;

public sealed partial class EmbeddedEngine
{
    /// <summary>
    /// Starts a new instance that takes over what the source has recorded up to a chosen point and goes on from there by itself. Recorded results are not
    /// computed again; activities without a result at that point run in the new instance with their recorded inputs, and timers that were open keep the time
    /// that was left. The source may be running or ended and is not changed. Of a source that has continued as new, the current execution is forked.
    /// </summary>
    /// <param name="upToSequence">
    /// The <see cref="HistoryEntry.Sequence"/> of the last event to take over; default: all. A turn is taken over whole: cut in the middle, it is run again.
    /// </param>
    public async Task<ForkOutcome> ForkAsync(
        string sourceInstanceId, string newInstanceId, int upToSequence = int.MaxValue, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(sourceInstanceId);
        InstanceIds.Require(newInstanceId, nameof(newInstanceId));
        ArgumentOutOfRangeException.ThrowIfNegative(upToSequence);
        if (await ReadAsync(sourceInstanceId, static (store, id) => store.Load(id), cancellationToken) is not { } source)
        {
            return new ForkOutcome.SourceNotFound(sourceInstanceId);
        }
        var now = _core.Now;
        var plan = ForkPlan.Make(source, upToSequence, now);
        if (plan.Open is { } open)
        {
            return new ForkOutcome.OpenSubOrchestration(open.InstanceId, plan.OpenSequence);
        }
        var instance = new NewInstance(newInstanceId, source.Row.Name, source.Row.Version, now, null, null, default);
        var fork = await WriteAsync(new ForkOperation(instance, Records(plan.Events)), Forked, cancellationToken);
        return fork.Existing is { } status
            ? new ForkOutcome.DuplicateStart(newInstanceId, status)
            : new ForkOutcome.Forked(newInstanceId, plan.Events.Count - 1);
    }

    /// <summary>
    /// Lets a failed instance go on from its last failure: the activity or sub-orchestration with whose failure it failed runs again; an instance that failed
    /// by itself runs its last turn again. Results recorded before that stay, what was recorded after it no longer counts but stays in history, and
    /// sub-orchestrations started after it are deleted. An instance that failed because code and history differ is resumed instead.
    /// </summary>
    public async Task<RewindOutcome> RewindAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        while (true)
        {
            var rewinds = new List<InstanceRewind>();
            var read = (instanceId, reason, rewinds);
            if (await ReadAsync(read, static (store, it) => Collect(store, it.instanceId, null, it.reason, it.rewinds), cancellationToken) is { } refused)
            {
                return refused;
            }
            if (rewinds.Count == 0)
            {
                await ResumeInstanceAsync(instanceId, reason, cancellationToken);
                return new RewindOutcome.Accepted([instanceId], []);
            }
            var rewind = await WriteAsync(new RewindOperation(rewinds, _core.Now), Rewound, cancellationToken);
            if (!rewind.IsStale)
            {
                return new RewindOutcome.Accepted([.. rewinds.Select(one => one.Id)], [.. rewind.Deleted]);
            }
        }
    }

    /// <summary>Plans the rewind of an instance and, below it, of the children whose failures are taken back.</summary>
    /// <returns>Why it cannot be done, or <c>null</c>. No rewind and no refusal: the instance diverged.</returns>
    private static RewindOutcome? Collect(IInstanceStore store, string instanceId, string? parentId, string? reason, List<InstanceRewind> rewinds)
    {
        if (store.Load(instanceId) is not { } stored)
        {
            return parentId is null ? new RewindOutcome.NotFound(instanceId) : null;
        }
        var row = stored.Row;
        if (row.Status != OrchestrationStatus.Failed || row.Diverged)
        {
            return row.Diverged && parentId is null ? null : new RewindOutcome.NotFailed(instanceId, row.Status);
        }
        if (row.Parent is { } parent && parent.InstanceId != parentId)
        {
            return parentId is null ? new RewindOutcome.HasParent(instanceId, parent.InstanceId) : null;
        }
        var plan = RewindPlan.Make(EffectiveHistory.Of(stored.History), reason);
        rewinds.Add(new InstanceRewind(row.Key, row.Id, stored.History[^1].Sequence + 1, HistoryCodec.ToBytes(plan.Events), plan.DroppedChildren));
        return plan.FailedChildren.Select(child => Collect(store, child, instanceId, reason, rewinds)).FirstOrDefault(refused => refused is not null);
    }

    /// <summary>Events that were recorded together stay one record, with the time at which that was.</summary>
    private static List<HistoryRecord> Records(IReadOnlyList<RecordedEvent> events)
    {
        var records = new List<HistoryRecord>();
        for (var i = 0; i < events.Count;)
        {
            var together = events.Skip(i).TakeWhile(stored => stored.At == events[i].At).Select(stored => stored.Event).ToArray();
            records.Add(new HistoryRecord(records.Count, events[i].At, HistoryCodec.ToBytes(together)));
            i += together.Length;
        }
        return records;
    }

    private void Forked(ForkOperation fork)
    {
        if (fork.Existing is null)
        {
            _core.Instances.Start(fork.Instance.Id);
        }
    }

    private void Rewound(RewindOperation rewind)
    {
        if (rewind.IsStale)
        {
            return;
        }
        foreach (var id in rewind.Deleted)
        {
            _core.Instances.Retire(id);
            _core.Waiters.Ended(id);
        }
        foreach (var one in rewind.Rewinds)
        {
            // A runner that is still in memory believes that the instance has ended.
            _core.Instances.Retire(one.Id);
            _core.Instances.Start(one.Id);
        }
    }
}
