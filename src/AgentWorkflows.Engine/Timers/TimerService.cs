using System.Diagnostics.CodeAnalysis;
using AgentWorkflows.Engine.Dispatch;

namespace AgentWorkflows.Engine.Timers;

/// <summary>
/// Wakes instances whose timers are due. Only timers up to a horizon are in memory; the others are paged in, in order of due time, when
/// the horizon moves. An entry may be out of date: a wake that finds nothing due does nothing.
/// </summary>
internal sealed class TimerService : IDisposable
{
    private const int PageSize = 1000;
    private static readonly TimeSpan Horizon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Crowded = TimeSpan.FromMilliseconds(20);
    private readonly EngineCore _core;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<string, long> _soon = new();
    private readonly ITimer _timer;
    private (long Due, long Key) _horizon = (0, 0);
    private ITimer? _retry;
    private bool _firing;
    private bool _stopped;

    public TimerService(EngineCore core)
    {
        _core = core;
        _timer = core.Time.CreateTimer(static service => ((TimerService)service!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() => Fire();

    /// <summary>The instance's next timer is due then, and that is on disk.</summary>
    public void Schedule(string instanceId, long due)
    {
        lock (_gate)
        {
            if (due > _horizon.Due)
            {
                return;
            }
            var isEarliest = !_soon.TryPeek(out _, out var earliest) || due < earliest;
            _soon.Enqueue(instanceId, due);
            if (isEarliest)
            {
                Arm();
            }
        }
    }

    /// <summary>Reads all timers again.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _horizon = (0, 0);
            Arm();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
        }
        _timer.Dispose();
        _retry?.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "A failed read is logged and tried again.")]
    private void Fire()
    {
        lock (_gate)
        {
            if (_firing || _stopped)
            {
                return;
            }
            _firing = true;
        }
        var wait = (TimeSpan?)null;
        try
        {
            wait = WakeDue() ? null : Crowded;
        }
        catch (Exception e)
        {
            _core.Logger.PagingFailed(e);
            _retry?.Dispose();
            _retry = _core.TryAgain(static service => ((TimerService)service!).Fire(), this);
            wait = Horizon;
        }
        lock (_gate)
        {
            _firing = false;
            Arm(wait);
        }
    }

    /// <returns>False when memory is full and due timers are left.</returns>
    private bool WakeDue()
    {
        while (true)
        {
            var now = _core.Now;
            var hasRoom = _core.Instances.HasRoom();
            string? id = null;
            long due;
            lock (_gate)
            {
                if (_soon.TryPeek(out _, out due) && due <= now)
                {
                    if (!hasRoom)
                    {
                        return false;
                    }
                    // Under the same lock: an earlier timer that comes in between would be taken out in place of this one.
                    id = _soon.Dequeue();
                }
                else if (_horizon.Due > now)
                {
                    return true;
                }
            }
            if (id is null)
            {
                Page(now);
                continue;
            }
            _core.Instances.Deliver(id, new TimerDue(due));
        }
    }

    /// <summary>Moves the horizon: to the end of the page, or as far as it goes when all timers fit.</summary>
    private void Page(long now)
    {
        var (until, from) = (now + Horizon.Ticks, _horizon);
        lock (_gate)
        {
            // First the horizon, then the read: a timer that is committed meanwhile is seen by one of the two, or by both.
            _horizon = (until, long.MaxValue);
        }
        IReadOnlyList<(long Due, long Key, string Id)> page;
        try
        {
            page = _core.Store.PageDue(from.Due, from.Key, until, PageSize);
        }
        catch
        {
            lock (_gate)
            {
                // What was not read is still beyond the horizon; a timer that came in meanwhile is read a second time.
                _horizon = _horizon == (until, long.MaxValue) ? from : _horizon;
            }
            throw;
        }
        lock (_gate)
        {
            foreach (var (due, _, id) in page)
            {
                _soon.Enqueue(id, due);
            }
            // Unless a reset came in between: then everything is read again.
            if (page.Count == PageSize && _horizon == (until, long.MaxValue))
            {
                _horizon = (page[^1].Due, page[^1].Key);
            }
        }
    }

    private void Arm(TimeSpan? wait = null)
    {
        if (_stopped || _firing)
        {
            return;
        }
        var next = _soon.TryPeek(out _, out var due) ? Math.Min(due, _horizon.Due) : _horizon.Due;
        // Rounded up to the timer's resolution: a timer that comes early would find nothing due.
        var milliseconds = Math.Ceiling(Math.Max(0, next - _core.Now) / (double)TimeSpan.TicksPerMillisecond);
        var until = TimeSpan.FromMilliseconds(Math.Min(milliseconds, Horizon.TotalMilliseconds));
        _timer.Change(wait ?? until, Timeout.InfiniteTimeSpan);
    }
}
