namespace AgentWorkflows.Engine.Tests.Simulation;

/// <summary>
/// What a process gives an engine, on one thread: whatever is ready runs in an order that the seed decides. When the process dies, its work and its timers
/// are simply dropped.
/// </summary>
internal sealed class SimulatedProcess(Random random, DateTimeOffset now) : SynchronizationContext
{
    private readonly List<Action> _ready = [];

    public SimulatedClock Clock { get; } = new(now);

    public bool HasWork => _ready.Count > 0;

    /// <summary>Set when the process died inside a call.</summary>
    public bool IsDead { get; set; }

    public void Queue(IThreadPoolWorkItem work) => _ready.Add(work.Execute);

    public override void Post(SendOrPostCallback d, object? state) => _ready.Add(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    public void RunOne()
    {
        var chosen = random.Next(_ready.Count);
        var work = _ready[chosen];
        _ready.RemoveAt(chosen);
        work();
    }

    /// <summary>Lets time pass until the next timer, whose callback becomes ready.</summary>
    /// <returns>False when there is none.</returns>
    public bool PassTime()
    {
        if (Clock.TakeNext() is not { } callback)
        {
            return false;
        }
        _ready.Add(callback);
        return true;
    }
}

/// <summary>Timers run on time that only moves on; the time of day can be set back.</summary>
internal sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private TimeSpan _passed;
    private TimeSpan _setBack;

    public override DateTimeOffset GetUtcNow() => start + _passed - _setBack;

    public override long GetTimestamp() => _passed.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void SetBack(TimeSpan by) => _setBack += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public Action? TakeNext()
    {
        if (_timers.MinBy(timer => timer.Due) is not { } next)
        {
            return null;
        }
        _passed = next.Due > _passed ? next.Due : _passed;
        if (next.Period > TimeSpan.Zero)
        {
            next.Due = _passed + next.Period;
        }
        else
        {
            _timers.Remove(next);
        }
        return next.Fire;
    }

    private sealed class Timer(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timers.Remove(this);
            Period = period;
            if (dueTime >= TimeSpan.Zero)
            {
                Due = clock._passed + dueTime;
                clock._timers.Add(this);
            }
            return true;
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
