using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests.Simulation;

internal sealed class SimulatedFaultException(string what) : Exception(what);

/// <summary>The real store, whose calls fail or kill the process as the seed decides, before or after they took effect.</summary>
internal sealed class SimulatedStore(IInstanceStore inner, SimulatedProcess process, Func<int> nextFault) : IInstanceStore
{
    public int Commits { get; private set; }

    public void Commit(IReadOnlyList<StoreOperation> operations)
    {
        Commits++;
        Call(() =>
        {
            inner.Commit(operations);
            return 0;
        });
    }

    public StoredInstance? Load(string instanceId) => Call(() => inner.Load(instanceId));

    public StoredInstance? LoadEnds(string instanceId) => Call(() => inner.LoadEnds(instanceId));

    public InstanceRow? Find(string instanceId) => inner.Find(instanceId);

    public IReadOnlyList<HistoryRecord> ReadHistory(long key) => inner.ReadHistory(key);

    public IReadOnlyList<(long Key, string Id)> PageBusy(long afterKey, int limit) => Call(() => inner.PageBusy(afterKey, limit));

    public IReadOnlyList<(long Due, long Key, string Id)> PageDue(long afterDue, long afterKey, long until, int limit) =>
        Call(() => inner.PageDue(afterDue, afterKey, until, limit));

    public IReadOnlyList<InstanceRow> Query(OrchestrationQuery query, (long Created, long Key)? after) => inner.Query(query, after);

    public void Dispose() => inner.Dispose();

    private T Call<T>(Func<T> call)
    {
        if (process.IsDead)
        {
            throw new SimulatedFaultException("after death");
        }
        // 0: none; 1, 2: fails before, after; 3, 4: dies before, after.
        var fault = nextFault();
        if (fault == 0)
        {
            return call();
        }
        if (fault % 2 == 0)
        {
            call();
        }
        process.IsDead = fault > 2;
        throw new SimulatedFaultException($"fault {fault}");
    }
}
