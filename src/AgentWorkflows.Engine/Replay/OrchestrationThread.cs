namespace AgentWorkflows.Engine.Replay;

/// <summary>
/// The one logical thread of an orchestrator. Continuations run here, in the order in which they became ready, and only while a turn
/// pumps. A continuation that arrives from any other thread was woken by something that is not in history, so replay could not wake
/// it again: that is reported, never run.
/// </summary>
internal sealed class OrchestrationThread(Action reportForeignWork) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = [];
    private int _owner;

    public bool IsCurrent => Volatile.Read(ref _owner) == Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            _ready.Enqueue((d, state));
            return;
        }
        reportForeignWork();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (IsCurrent)
        {
            d(state);
            return;
        }
        reportForeignWork();
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs <paramref name="work"/> and every continuation it makes ready, on the calling thread. The caller makes sure that only one thread at a time does.</summary>
    public void Run<TState>(Action<TState> work, TState state)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        Volatile.Write(ref _owner, Environment.CurrentManagedThreadId);
        try
        {
            work(state);
            while (_ready.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            Volatile.Write(ref _owner, 0);
            SetSynchronizationContext(previous);
        }
    }
}
