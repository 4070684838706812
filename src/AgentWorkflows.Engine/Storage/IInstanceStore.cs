using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Storage;

/// <summary>
/// Where instances and their histories are kept.
/// <para><see cref="Commit"/> is called by one thread at a time; reads by any thread, also during a commit. A read sees whole commits
/// only, and every commit that returned before the read began.</para>
/// </summary>
internal interface IInstanceStore : IDisposable
{
    /// <summary>
    /// Applies the operations in order, each seeing the ones before it. After return all of them are on stable storage. After an exception
    /// the caller may rely on one thing only: either all of them are stored or none (and after a restart still the same). So the caller drops
    /// what it assumed and reads again.
    /// </summary>
    void Commit(IReadOnlyList<StoreOperation> operations);

    /// <summary>The instance with its history, from one moment.</summary>
    StoredInstance? Load(string instanceId);

    /// <summary>The instance with only the first and the last record of its history, from one moment.</summary>
    StoredInstance? LoadEnds(string instanceId);

    InstanceRow? Find(string instanceId);

    IReadOnlyList<HistoryRecord> ReadHistory(long key);

    /// <summary>Ids of busy instances by ascending key, after <paramref name="afterKey"/>.</summary>
    IReadOnlyList<(long Key, string Id)> PageBusy(long afterKey, int limit);

    /// <summary>Timers by ascending (due, key), after the given position, due at <paramref name="until"/> or before.</summary>
    IReadOnlyList<(long Due, long Key, string Id)> PageDue(long afterDue, long afterKey, long until, int limit);

    IReadOnlyList<InstanceRow> Query(OrchestrationQuery query, (long Created, long Key)? after);
}

internal sealed record StoredInstance(InstanceRow Row, IReadOnlyList<HistoryRecord> History);

internal sealed record HistoryRecord(int Sequence, long At, byte[] Events);

internal sealed record InstanceRow(
    long Key, string Id, string Name, string Version, OrchestrationStatus Status, int Execution, long CreatedAt, long UpdatedAt, long? StartAt,
    ParentLink? Parent, bool Unreported, bool Diverged, bool Busy, long? Due, string? CustomStatus, FailureDetails? Failure);
