using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests;

/// <summary>Where a store call goes wrong. Calls are counted from 1.</summary>
/// <param name="After">True: the call takes effect and its answer is lost. False: it takes no effect.</param>
/// <param name="Dies">True: every later call fails too, as if the process had died there. False: it happens once.</param>
internal sealed record Fault(int AtCall, bool After, bool Dies);

internal sealed class InjectedFaultException(string where) : Exception($"Injected fault {where}.");

/// <summary>A store that goes wrong at one chosen call.</summary>
internal sealed class FaultyStore(IInstanceStore inner, Fault? fault) : IInstanceStore
{
    private int _calls;
    private volatile bool _dead;

    public int Calls => Volatile.Read(ref _calls);

    public bool IsDead => _dead;

    public void Commit(IReadOnlyList<StoreOperation> operations) => Call(() =>
    {
        inner.Commit(operations);
        return 0;
    });

    public StoredInstance? Load(string instanceId) => Call(() => inner.Load(instanceId));

    public StoredInstance? LoadEnds(string instanceId) => Call(() => inner.LoadEnds(instanceId));

    public IReadOnlyList<(long Key, string Id)> PageBusy(long afterKey, int limit) => Call(() => inner.PageBusy(afterKey, limit));

    public IReadOnlyList<(long Due, long Key, string Id)> PageDue(long afterDue, long afterKey, long until, int limit) =>
        Call(() => inner.PageDue(afterDue, afterKey, until, limit));

    // Asked only by clients, here by the test itself.
    public InstanceRow? Find(string instanceId) => inner.Find(instanceId);

    public IReadOnlyList<HistoryRecord> ReadHistory(long key) => inner.ReadHistory(key);

    public IReadOnlyList<InstanceRow> Query(OrchestrationQuery query, (long Created, long Key)? after) => inner.Query(query, after);

    public void Dispose() => inner.Dispose();

    private T Call<T>(Func<T> call)
    {
        if (_dead)
        {
            throw new InjectedFaultException("after death");
        }
        var here = Interlocked.Increment(ref _calls) == fault?.AtCall;
        if (!here)
        {
            return call();
        }
        if (fault!.After)
        {
            call();
        }
        _dead = fault.Dies;
        throw new InjectedFaultException($"{(fault.After ? "after" : "before")} call {fault.AtCall}");
    }
}
