using System.Runtime.CompilerServices;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests;

/// <summary>Where a store call goes wrong. Calls are counted from 1.</summary>
/// <param name="After">True: the call takes effect and its answer is lost. False: it takes no effect.</param>
/// <param name="Dies">True: every later call fails too, as if the process had died there. False: it happens once.</param>
/// <param name="Only">Counts only calls of this method; <c>null</c>: all.</param>
internal sealed record Fault(int AtCall, bool After, bool Dies, string? Only = null);

internal sealed class InjectedFaultException(string where) : Exception($"Injected fault {where}.");

/// <summary>A store that goes wrong at one chosen call.</summary>
internal sealed class FaultyStore(IInstanceStore inner, Fault? fault, Action? struck = null) : IInstanceStore
{
    private int _calls;
    private volatile bool _dead;

    public int Calls => Volatile.Read(ref _calls);

    public bool IsDead => _dead;

    /// <summary>The operations of the commit that took effect without anybody being told.</summary>
    public IReadOnlyList<StoreOperation> Unanswered { get; private set; } = [];

    /// <summary>The events in <see cref="Unanswered"/>: their operations are used again.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> UnansweredEvents { get; private set; } = [];

    public void Commit(IReadOnlyList<StoreOperation> operations) => Call(() =>
    {
        inner.Commit(operations);
        return 0;
    }, operations);

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

    private T Call<T>(Func<T> call, IReadOnlyList<StoreOperation>? operations = null, [CallerMemberName] string method = "")
    {
        if (_dead)
        {
            throw new InjectedFaultException("after death");
        }
        var counts = fault?.Only is null || fault.Only == method;
        if (!counts || Interlocked.Increment(ref _calls) != fault?.AtCall)
        {
            return call();
        }
        if (fault.After)
        {
            call();
            Unanswered = operations is null ? [] : [.. operations.Where(operation => operation is not AppendOperation { IsStale: true })];
            UnansweredEvents = [.. Unanswered.OfType<AppendOperation>().Select(append => (ReadOnlyMemory<byte>)append.Events.ToArray())];
        }
        _dead = fault.Dies;
        struck?.Invoke();
        throw new InjectedFaultException($"{(fault.After ? "after" : "before")} call {fault.AtCall} ({method})");
    }
}
