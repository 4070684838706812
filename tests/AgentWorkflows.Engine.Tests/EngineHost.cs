using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests;

/// <summary>An engine on a database of its own that can be stopped and opened again, with orchestrators and activities given as functions.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-tests-").FullName;
    private EmbeddedEngine? _engine;

    public FakeTimeProvider Clock { get; } = new();

    public DurableRegistry Registry { get; set; } = new();

    public Func<EngineOptions, EngineOptions> Configure { get; set; } = options => options;

    public Func<IInstanceStore, IInstanceStore> Decorate { get; set; } = store => store;

    public string DatabasePath => Path.Combine(_folder, "engine.db");

    public EmbeddedEngine Engine => _engine ?? throw new InvalidOperationException("Open the engine first.");

    public EngineHost Orchestrator<TInput, TOutput>(string name, Func<IOrchestrationContext, TInput, Task<TOutput>> run, string version = "")
    {
        Registry.AddOrchestrator(new OrchestratorName<TInput, TOutput>(name), _ => new FunctionOrchestrator<TInput, TOutput>(run), version);
        return this;
    }

    public EngineHost Activity<TInput, TOutput>(string name, Func<TInput, CancellationToken, Task<TOutput>> run)
    {
        Registry.AddActivity(new ActivityName<TInput, TOutput>(name), _ => new FunctionActivity<TInput, TOutput>(run));
        return this;
    }

    public EngineHost Activity<TInput, TOutput>(string name, Func<TInput, TOutput> run) =>
        Activity<TInput, TOutput>(name, (input, _) => Task.FromResult(run(input)));

    public Task<EmbeddedEngine> OpenAsync()
    {
        var options = Configure(new EngineOptions { DatabasePath = DatabasePath, StopTimeout = TimeSpan.Zero });
        options.Validate();
        var held = DatabaseLock.Take(DatabasePath, Clock.GetUtcNow());
        _engine = EmbeddedEngine.Open(options, Decorate(new SqliteStore(DatabasePath)), held, Registry, NoServices.Instance, Clock, null);
        return Task.FromResult(_engine);
    }

    public async Task CloseAsync()
    {
        if (_engine is { } engine)
        {
            _engine = null;
            await engine.DisposeAsync();
        }
    }

    /// <summary>Stops and opens again, with the same code or, after <see cref="Registry"/> was replaced, other code.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async Task<string> StartAsync(string name, object? input = null, string? id = null)
    {
        var outcome = await Engine.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions { InstanceId = id });
        return Assert.IsType<StartOutcome.Started>(outcome).InstanceId;
    }

    public async Task<OrchestrationMetadata> FinishedAsync(string id)
    {
        var metadata = await Engine.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(TimeSpan.FromSeconds(20));
        return metadata ?? throw new InvalidOperationException($"No instance '{id}'.");
    }

    /// <summary>Waits until the instance's recorded history satisfies the condition; looks again whenever the engine has committed.</summary>
    public async Task HistoryAsync(string id, Func<IReadOnlyList<HistoryEntry>, bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition(await Engine.GetHistoryAsync(id, deadline.Token) ?? []))
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public Task RecordedAsync(string id, string kind, int count = 1) => HistoryAsync(id, history => history.Count(entry => entry.Kind == kind) >= count);

    /// <summary>Waits until the condition holds.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class FunctionOrchestrator<TInput, TOutput>(Func<IOrchestrationContext, TInput, Task<TOutput>> run) : IOrchestrator<TInput, TOutput>
    {
        public Task<TOutput> RunAsync(IOrchestrationContext context, TInput input) => run(context, input);
    }

    private sealed class FunctionActivity<TInput, TOutput>(Func<TInput, CancellationToken, Task<TOutput>> run) : IActivity<TInput, TOutput>
    {
        public Task<TOutput> RunAsync(IActivityContext context, TInput input, CancellationToken cancellationToken) => run(input, cancellationToken);
    }

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
