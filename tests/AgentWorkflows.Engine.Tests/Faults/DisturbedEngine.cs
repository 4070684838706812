using AgentWorkflows.Conformance;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Engine.Tests.Faults;

/// <summary>
/// An engine for conformance scenarios whose store goes wrong at one call. When that kills it, another one is opened on the same file at once, and the
/// scenario goes on without knowing.
/// </summary>
internal sealed class DisturbedEngine : IEngineUnderTest
{
    private static readonly string Root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Root, $"engine-faults-{Guid.NewGuid():N}")).FullName;
    private readonly FakeTimeProvider _clock = new();
    private readonly FaultRun _run;
    private readonly DurableRegistry _registry;
    private readonly IServiceProvider _services;
    private readonly IdempotentActivities _activities;
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly Lock _gate = new();
    private readonly List<object> _lost = [];
    private EmbeddedEngine _engine = null!;
    private FaultyStore _store = null!;
    private int _earlierCalls;
    private bool _opened;
    private volatile bool _closed;

    private DisturbedEngine(FaultRun run, DurableRegistry registry, IServiceProvider services)
    {
        (_run, _registry, _services) = (run, registry, services);
        _activities = new IdempotentActivities(run);
        _activities.Wrap(registry);
        Client = new PersistentClient(this);
    }

    public IOrchestrationClient Client { get; }

    public DateTimeOffset UtcNow => _clock.GetUtcNow();

    public bool IsClosed => _closed;

    public static async Task<IEngineUnderTest> StartAsync(FaultRun run, DurableRegistry registry, IServiceProvider services)
    {
        var host = new DisturbedEngine(run, registry, services);
        await host.RunningAsync();
        return host;
    }

    public async Task RestartAsync(TimeSpan downtime)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            _run.Restarts++;
            await _engine.DisposeAsync();
            _activities.Restart();
            _clock.Advance(downtime);
            Open();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public Task AdvanceAsync(TimeSpan by)
    {
        _clock.Advance(by);
        return Task.CompletedTask;
    }

    /// <summary>The engine that runs now: after a death the next one.</summary>
    public async Task<EmbeddedEngine> RunningAsync()
    {
        await _oneAtATime.WaitAsync();
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_opened && _store.IsDead)
            {
                await _engine.DisposeAsync();
                Open();
            }
            else if (!_opened)
            {
                Open();
            }
            return _engine;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>What a commit decided whose answer was lost, told once.</summary>
    public object? TakeLostAnswer(Func<StoreOperation, object?> ofOperation, Func<ReadOnlyMemory<byte>, object?>? ofEvents)
    {
        lock (_gate)
        {
            for (var i = 0; i < _lost.Count; i++)
            {
                var answer = _lost[i] switch
                {
                    StoreOperation operation => ofOperation(operation),
                    ReadOnlyMemory<byte> events => ofEvents?.Invoke(events),
                    _ => null,
                };
                if (answer is not null)
                {
                    _lost.RemoveAt(i);
                    return answer;
                }
            }
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _oneAtATime.WaitAsync();
        _closed = true;
        await _engine.DisposeAsync();
        _activities.Dispose();
        _run.Calls = _earlierCalls + _store.Calls;
        _run.Final = FinalState.Read(Path.Combine(_folder, "engine.db"));
        Directory.Delete(_folder, recursive: true);
        _oneAtATime.Release();
    }

    private void Open()
    {
        var options = new EngineOptions
        {
            DatabasePath = Path.Combine(_folder, "engine.db"),
            StopTimeout = TimeSpan.Zero,
            RetryTime = TimeProvider.System,
            RetryDelay = TimeSpan.FromMilliseconds(2),
        };
        var held = DatabaseLock.Take(options.DatabasePath, _clock.GetUtcNow());
        _earlierCalls += _opened ? _store.Calls : 0;
        _store = new FaultyStore(new SqliteStore(options.DatabasePath), _run.Struck ? null : Remaining(), Struck);
        _opened = true;
        _engine = EmbeddedEngine.Open(options, _store, held, _registry, _services, _clock, _services.GetRequiredService<ILoggerFactory>());
    }

    /// <summary>Calls are counted over the restarts of the scenario itself.</summary>
    private Fault? Remaining() => _run.Fault is { } fault ? fault with { AtCall = fault.AtCall - _earlierCalls } : null;

    private void Struck()
    {
        _run.Struck = true;
        lock (_gate)
        {
            _lost.AddRange(_store.Unanswered);
            _lost.AddRange(_store.UnansweredEvents.Cast<object>());
        }
        if (_run.Fault!.Dies)
        {
            _ = Task.Run(async () =>
            {
                try
                {
                    await RunningAsync();
                }
                catch (ObjectDisposedException)
                {
                    // The scenario has ended.
                }
            });
        }
    }
}
