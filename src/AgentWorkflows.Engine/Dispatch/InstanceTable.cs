using System.Collections.Concurrent;

namespace AgentWorkflows.Engine.Dispatch;

/// <summary>
/// The instances in memory. Their number is bounded: beyond it those that only wait are put out, and instances with work wait on disk,
/// marked busy, until there is room.
/// </summary>
internal sealed partial class InstanceTable : IThreadPoolWorkItem, IDisposable
{
    private const int PageSize = 256;
    private readonly EngineCore _core;
    private readonly int _maxLive;
    private readonly TimeSpan _idleEviction;
    private readonly ConcurrentDictionary<string, InstanceRunner> _runners = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly LinkedList<InstanceRunner> _parked = [];
    private readonly ITimer? _sweep;
    private ITimer? _retry;
    private int _live;
    private bool _paging;
    private bool _backlog;
    private bool _isAskedAgain;
    private bool _isStopped;
    private long _pagedKey;

    public InstanceTable(EngineCore core, int maxLive, TimeSpan idleEviction)
    {
        _core = core;
        _maxLive = maxLive;
        _idleEviction = idleEviction;
        if (idleEviction > TimeSpan.Zero)
        {
            _sweep = core.Time.CreateTimer(static table => ((InstanceTable)table!).Sweep(), this, idleEviction, idleEviction);
        }
    }

    public int Live => Volatile.Read(ref _live);

    /// <summary>Tells the instance, loading it when needed.</summary>
    public void Deliver(string instanceId, Message message)
    {
        while (!GetOrAdd(instanceId).Post(message))
        {
            // It was just put out of memory; the next one loads it again.
        }
    }

    /// <summary>Lets a new instance run, now or, when memory is full, later: it is marked busy on disk.</summary>
    public void Start(string instanceId)
    {
        if (HasRoom())
        {
            Deliver(instanceId, Wake.Instance);
            return;
        }
        LoadBusy();
    }

    /// <summary>Loads busy instances from disk for as long as there is room.</summary>
    public void LoadBusy()
    {
        lock (_gate)
        {
            _backlog = _isAskedAgain = true;
        }
        Continue();
    }

    /// <summary>True when one more instance may be loaded; puts out the one that has waited longest when that makes the room.</summary>
    public bool HasRoom() => Live < _maxLive || TryEvict(long.MaxValue);

    /// <summary>The instance was ended or deleted by somebody else; what its runner still does is refused by the store.</summary>
    public void Retire(string instanceId)
    {
        if (_runners.TryGetValue(instanceId, out var runner))
        {
            runner.Retire();
        }
    }

    /// <summary>What is in memory may contradict the store: all of it is read again.</summary>
    public void ForgetAll()
    {
        foreach (var runner in _runners.Values.OrderBy(runner => runner.Id, StringComparer.Ordinal))
        {
            runner.Forget();
        }
    }

    /// <summary>The instance only waits from now on.</summary>
    public void Park(InstanceRunner runner)
    {
        if (_idleEviction == TimeSpan.Zero)
        {
            runner.TryEvict();
        }
        else
        {
            lock (_gate)
            {
                runner.ParkedAt = _core.Now;
                Unlink(runner);
                if (!runner.IsRemoved)
                {
                    _parked.AddLast(runner.ParkingPlace);
                }
            }
        }
        Continue();
    }

    public bool IsParked(string instanceId)
    {
        lock (_gate)
        {
            return _runners.TryGetValue(instanceId, out var runner) && runner.ParkingPlace.List is not null;
        }
    }

    public void Remove(InstanceRunner runner)
    {
        if (_runners.TryRemove(new KeyValuePair<string, InstanceRunner>(runner.Id, runner)))
        {
            Interlocked.Decrement(ref _live);
            lock (_gate)
            {
                Unlink(runner);
            }
            Continue();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
        }
        _sweep?.Dispose();
        _retry?.Dispose();
    }

    public void Abandon()
    {
        foreach (var runner in _runners.Values)
        {
            runner.Abandon();
        }
    }

    private InstanceRunner GetOrAdd(string instanceId)
    {
        if (_runners.TryGetValue(instanceId, out var found))
        {
            return found;
        }
        var added = new InstanceRunner(_core, instanceId);
        var runner = _runners.GetOrAdd(instanceId, added);
        if (runner == added)
        {
            Interlocked.Increment(ref _live);
        }
        return runner;
    }

    private void Sweep()
    {
        var before = _core.Now - _idleEviction.Ticks;
        while (TryEvict(before))
        {
        }
    }

    /// <summary>Puts out the instance that has waited longest, if it began to wait at <paramref name="before"/> or earlier.</summary>
    private bool TryEvict(long before)
    {
        while (true)
        {
            InstanceRunner runner;
            lock (_gate)
            {
                if (_parked.First is not { } oldest || oldest.Value.ParkedAt > before)
                {
                    return false;
                }
                _parked.Remove(oldest);
                runner = oldest.Value;
            }
            // It stays when it works again; then it is parked anew afterwards.
            if (runner.TryEvict())
            {
                return true;
            }
        }
    }

    private void Unlink(InstanceRunner runner)
    {
        if (runner.ParkingPlace.List is not null)
        {
            _parked.Remove(runner.ParkingPlace);
        }
    }
}
