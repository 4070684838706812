namespace AgentWorkflows.Engine.Dispatch;

/// <summary>Who waits for the end of which instance. In memory only: a waiter registers first and looks at the store then, so no end is missed.</summary>
internal sealed class CompletionWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Waiter> _waiters = new(StringComparer.Ordinal);
    private bool _closed;

    public Waiter Register(string instanceId)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EmbeddedEngine));
            if (!_waiters.TryGetValue(instanceId, out var waiter))
            {
                _waiters.Add(instanceId, waiter = new Waiter());
            }
            waiter.Users++;
            return waiter;
        }
    }

    public void Release(string instanceId, Waiter waiter)
    {
        lock (_gate)
        {
            if (--waiter.Users == 0 && _waiters.TryGetValue(instanceId, out var current) && current == waiter)
            {
                _waiters.Remove(instanceId);
            }
        }
    }

    public void Ended(string instanceId)
    {
        lock (_gate)
        {
            if (_waiters.Remove(instanceId, out var waiter))
            {
                waiter.TrySetResult();
            }
        }
    }

    /// <summary>Lets everybody who waits look at the store again.</summary>
    public void LookAgain()
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters.Values)
            {
                waiter.TrySetResult();
            }
            _waiters.Clear();
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var waiter in _waiters.Values)
            {
                waiter.TrySetException(new ObjectDisposedException(nameof(EmbeddedEngine)));
            }
            _waiters.Clear();
        }
    }

    internal sealed class Waiter() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Users { get; set; }
    }
}
