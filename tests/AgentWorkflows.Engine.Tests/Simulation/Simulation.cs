using System.Globalization;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests.Simulation;

internal sealed class SimulationFailedException(string message) : Exception(message);

/// <summary>
/// Random orchestrations on the real engine and the real store, in virtual time and on one thread, with random crashes, failing store calls and clocks that
/// are set back. Everything follows from the seed, so a seed that fails fails again, at the same step.
/// </summary>
internal sealed class Simulation : IDisposable
{
    private const int MaxSteps = 50_000;
    private static readonly string Root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Root, $"engine-simulation-{Guid.NewGuid():N}")).FullName;
    private readonly int _seed;
    private readonly Random _random;
    private readonly SimulatedActivities _world = new();
    private readonly List<(ProgramInput Root, SimulatedProgram.Expectation Expected, Wish? Termination)> _roots = [];
    private readonly List<Wish> _wishes = [];
    private readonly EngineOptions _options;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private SimulatedProcess _process = null!;
    private SimulatedStore _store = null!;
    private EmbeddedEngine _engine = null!;
    private int _faultsLeft;
    private int _crashes;
    private int _steps;
    private long _fingerprint;

    private Simulation(int seed)
    {
        (_seed, _random) = (seed, new Random(seed));
        _faultsLeft = _random.Next(0, 12);
        _options = new EngineOptions
        {
            DatabasePath = Path.Combine(_folder, "engine.db"),
            MaxConcurrentActivities = _random.Next(1, 6),
            MaxLiveInstances = _random.Next(1, 8),
            IdleEviction = TimeSpan.FromSeconds(_random.Next(0, 4) * 15),
            WorkQueue = work => _process.Queue(work),
        };
        for (var i = 0; i < _random.Next(1, 4); i++)
        {
            var root = new ProgramInput(seed, string.Create(CultureInfo.InvariantCulture, $"r{i}"), 0, 0, _random.Next(1, 4), "");
            var expected = SimulatedProgram.Expect(root);
            _wishes.AddRange(SimulatedClient.Wishes(root, expected, _random, out var termination));
            _roots.Add((root, expected, termination));
        }
    }

    /// <summary>Runs one seed to its end.</summary>
    /// <returns>A number that two runs of the seed share.</returns>
    /// <exception cref="SimulationFailedException">A promise was broken; the message begins with the seed.</exception>
    public static long Run(int seed)
    {
        var previous = SynchronizationContext.Current;
        using var simulation = new Simulation(seed);
        try
        {
            return simulation.Run();
        }
        catch (Exception e) when (e is not SimulationFailedException)
        {
            throw new SimulationFailedException($"{simulation.Describe()}: {e}");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    public void Dispose()
    {
        _store?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private long Run()
    {
        Open();
        while (!IsOver())
        {
            Require(++_steps < MaxSteps, () => $"hangs: {string.Join(", ", _wishes.Where(wish => !wish.IsDone).Select(wish => wish.What))}\n{Open(_store)}");
            Step();
            _fingerprint = unchecked((_fingerprint * 31) + (_random.Next() ^ _store.Commits));
        }
        Check();
        return _fingerprint;
    }

    private void Step()
    {
        foreach (var wish in _wishes)
        {
            wish.Look();
        }
        if (_process.IsDead || (_faultsLeft > 0 && _random.Next(150) == 0 && _faultsLeft-- > 0))
        {
            Crash();
        }
        else if (_random.Next(6) == 0 && _wishes.Where(wish => wish.CanAsk).ToArray() is { Length: > 0 } open)
        {
            open[_random.Next(open.Length)].Ask(_engine);
        }
        else if (_process.HasWork && _random.Next(40) != 0)
        {
            _process.RunOne();
        }
        else if (_random.Next(200) == 0)
        {
            _process.Clock.SetBack(TimeSpan.FromSeconds(_random.Next(1, 600)));
        }
        else
        {
            Require(_process.PassTime() || _process.HasWork || _wishes.Any(wish => wish.CanAsk), () => "nothing is left to do, and it has not ended");
        }
    }

    private void Open()
    {
        _process = new SimulatedProcess(_random, _now);
        SynchronizationContext.SetSynchronizationContext(_process);
        _store = new SimulatedStore(new SqliteStore(_options.DatabasePath), _process, NextFault);
        _engine = EmbeddedEngine.Open(_options, _store, null, _world.Registry(), NoServices.Instance, _process.Clock, null);
    }

    private void Crash()
    {
        _crashes++;
        _process.IsDead = true;
        _store.Dispose();
        CheckStore();
        foreach (var wish in _wishes)
        {
            wish.Forget();
        }
        // The next process starts a little later, or on a machine whose clock is behind.
        _now = _process.Clock.GetUtcNow() + TimeSpan.FromSeconds(_random.Next(10) == 0 ? -_random.Next(300) : _random.Next(60));
        Open();
    }

    private int NextFault()
    {
        if (_faultsLeft == 0 || _random.Next(25) != 0)
        {
            return 0;
        }
        _faultsLeft--;
        return _random.Next(1, 5);
    }

    private bool IsOver() => !_process.IsDead && !_process.HasWork && _wishes.TrueForAll(wish => wish.IsDone)
        && _roots.TrueForAll(root => _store.Find(root.Root.Id) is { } row && row.Status.IsTerminal());

    private void Check()
    {
        _faultsLeft = 0;
        foreach (var (root, expected, termination) in _roots)
        {
            var row = _store.Find(root.Id)!;
            var terminated = row.Status == OrchestrationStatus.Terminated && termination?.WasAsked == true;
            var output = _store.Load(root.Id) is { } stored && EffectiveHistory.Of(stored.History)[^1] is ExecutionCompleted done
                ? System.Text.Json.JsonSerializer.Deserialize<string>(done.Output.Span, DurableJson.Options) : null;
            Require(terminated || output == expected.Output, () => $"{root.Id} is {row.Status} with '{output}' ({row.Failure}) instead of '{expected.Output}'");
            foreach (var (key, times) in expected.Effects)
            {
                var found = _world.Effects.GetValueOrDefault(key);
                Require(terminated || found > 0, () => $"the effect '{key}' is missing");
                Require(found <= times + _crashes, () => $"the effect '{key}' was made {found} times; {times} and {_crashes} crashes allow fewer");
            }
            foreach (var id in expected.Instances.Append(root.Id))
            {
                CheckHistory(id, terminated);
            }
        }
        var unknown = _world.Effects.Keys.Except(_roots.SelectMany(root => root.Expected.Effects.Keys)).FirstOrDefault();
        Require(unknown is null, () => $"nobody asked for the effect '{unknown}'");
        Require(_store.PageBusy(0, 10).Count == 0 && _store.PageDue(0, 0, long.MaxValue, 10).Count == 0, () => "work is left behind");
        CheckStore();
    }

    /// <summary>Whole and consistent at every crash, not only at the end.</summary>
    private void CheckStore()
    {
        var problems = StoreCheck.Run(_options.DatabasePath).Problems;
        Require(problems.Count == 0, () => $"the store has problems: {string.Join("; ", problems)}");
    }

    private void CheckHistory(string id, bool terminated)
    {
        if (_store.Load(id) is not { } stored)
        {
            return;
        }
        // To a terminated parent nothing is reported any more; the next start forgets it.
        Require(stored.Row.Status.IsTerminal() && (terminated || !stored.Row.Unreported), () => $"{id} was left {stored.Row.Status}");
        var results = EffectiveHistory.Of(stored.History)
            .Select(e => e switch { TaskCompleted t => t.TaskId, TaskFailed t => t.TaskId, SubOrchestrationCompleted t => t.TaskId, TimerFired t => t.TaskId, _ => -1 })
            .Where(task => task >= 0).ToArray();
        Require(results.Distinct().Count() == results.Length, () => $"{id} has recorded a result twice");
        Require(_engine.Replay(id)!.Divergence is null, () => $"{id} does not replay: {_engine.Replay(id)!.Divergence!.Message}");
    }

    /// <summary>What has not ended, for the message.</summary>
    private string Open(SimulatedStore store) => string.Join('\n', _roots.SelectMany(root => root.Expected.Instances.Prepend(root.Root.Id))
        .Select(id => store.Find(id)).OfType<InstanceRow>().Where(row => !row.Status.IsTerminal())
        .Select(row => $"  {row.Id} is {row.Status}, busy {row.Busy}, due {(row.Due - _process.Clock.GetUtcNow().UtcTicks) / TimeSpan.TicksPerSecond} s: "
            + string.Join(' ', EffectiveHistory.Of(store.ReadHistory(row.Key)).TakeLast(4).Select(HistoryView.Describe))));

    private void Require(bool holds, Func<string> broken)
    {
        if (!holds)
        {
            throw new SimulationFailedException($"{Describe()}: {broken()}");
        }
    }

    private string Describe() => string.Create(CultureInfo.InvariantCulture, $"Seed {_seed}, step {_steps}, after {_crashes} crashes");

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
