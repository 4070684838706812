using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Replay;
using AgentWorkflows.Engine.Storage;
using AgentWorkflows.Engine.Timers;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Engine.Dispatch;

/// <summary>What runners share.</summary>
internal sealed class EngineCore
{
    private readonly TimeProvider _retryTime;
    private readonly TimeSpan _retryDelay;
    private ITimer? _recovery;
    private long _turns;
    private long _replays;
    private bool _isStopped;

    public EngineCore(EngineOptions options, IInstanceStore store, DurableRegistry registry, IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
    {
        Store = store;
        Registry = registry;
        Services = services;
        Time = time;
        (_retryTime, _retryDelay) = (options.RetryTime ?? time, options.RetryDelay);
        Loggers = loggers;
        Logger = loggers.CreateLogger("AgentWorkflows.Engine");
        Limits = new ExecutionLimits(options.MaxPayloadBytes, options.DefaultVersion);
        Queue = options.WorkQueue ?? (static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false));
        Writer = new CommitWriter(store, Logger, RecoverLater, options.WorkQueue);
        Activities = new ActivityDispatcher(registry, services, options, Logger, Queue);
        Instances = new InstanceTable(this, options.MaxLiveInstances, options.IdleEviction);
        Timers = new TimerService(this);
    }

    public IInstanceStore Store { get; }

    public DurableRegistry Registry { get; }

    public IServiceProvider Services { get; }

    /// <summary>Runs work soon, on another stack.</summary>
    public Action<IThreadPoolWorkItem> Queue { get; }

    public TimeProvider Time { get; }

    public ILoggerFactory Loggers { get; }

    public ILogger Logger { get; }

    public ExecutionLimits Limits { get; }

    public CommitWriter Writer { get; }

    public ActivityDispatcher Activities { get; }

    public InstanceTable Instances { get; }

    public TimerService Timers { get; }

    public CompletionWaiters Waiters { get; } = new();

    public long Turns => Volatile.Read(ref _turns);

    public long Replays => Volatile.Read(ref _replays);

    /// <summary>Set once, when the engine stops taking work.</summary>
    public bool IsStopped
    {
        get => Volatile.Read(ref _isStopped);
        set => Volatile.Write(ref _isStopped, value);
    }

    public long Now => Time.GetUtcNow().UtcTicks;

    /// <summary>Something failed that may work a little later.</summary>
    /// <param name="failures">How often it has failed in a row: from the second time on it waits longer, up to 64 times the delay.</param>
    public ITimer TryAgain(TimerCallback callback, object state, int failures = 1) =>
        _retryTime.CreateTimer(callback, state, _retryDelay * (1 << Math.Clamp(failures - 1, 0, 6)), Timeout.InfiniteTimeSpan);

    public void CountTurn() => Interlocked.Increment(ref _turns);

    public void CountReplay() => Interlocked.Increment(ref _replays);

    /// <summary>
    /// A commit failed, and whether it is on disk is not known: a child may have been started or ended, a timer set, without anybody in memory having been
    /// told. So after a while everything in memory is dropped and what is open is found again as after a restart.
    /// </summary>
    private void RecoverLater()
    {
        if (IsStopped)
        {
            return;
        }
        _recovery?.Dispose();
        _recovery = TryAgain(
            static core => ((EngineCore)core!).Writer.Enqueue(new ClientRequest<ReconcileOperation>(new(), _ => ((EngineCore)core!).Recover())), this);
    }

    private void Recover()
    {
        Instances.ForgetAll();
        Instances.LoadBusy();
        Timers.Reset();
        Waiters.LookAgain();
    }
}
