using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Planning;
using AgentWorkflows.Server.Storage;
using AgentWorkflows.Sessions;
using AgentWorkflows.TestSupport;
using AgentWorkflows.TestSupport.Conformance;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>Steps that ask a model, on real stores and as a process would run them that remembers nothing and dies at chosen points.</summary>
public abstract class ModelStepCrashes(AgentDefinition agent) : IAsyncLifetime
{
    private protected static readonly ChatUsage Usage = new(20, 5, 10);

    private protected static readonly ModelPrice Price = new()
    {
        InputMicrosPerMillion = 400_000_000,
        CachedInputMicrosPerMillion = 100_000_000,
        OutputMicrosPerMillion = 1_600_000_000,
        SheetVersion = "2026-11",
    };

    private protected static readonly CostCapOptions NoCaps = new()
    {
        UserPerDayMicros = 1L << 53,
        UserPerMonthMicros = 1L << 53,
        AgentPerDayMicros = 1L << 53,
        GlobalPerHourMicros = 1L << 53,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-crash-");
    private ProductDatabase _database = null!;
    private string _hash = "";
    private int _sessions;

    private protected ISessionStore Store { get; private set; } = null!;

    private protected ICostLedger Ledger { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _database = ProductDatabase.Open(Path.Combine(_folder.FullName, "agentworkflows.db"));
        Store = new SqliteSessionStore(_database, TimeProvider.System);
        Ledger = new SqliteCostLedger(_database);
        _hash = await new AgentSnapshots(Store).SaveAsync(agent, default);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private protected static AgentDefinition AgentWith(IReadOnlyDictionary<ModelPurpose, ModelRoute> models) => new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.",
        Models = models,
        Tools = [],
        Prices = new Dictionary<string, ModelPrice> { [ScriptedChatModel.Deployment] = Price },
    };

    private protected async Task<string> NewSessionAsync()
    {
        var id = $"s-{++_sessions}";
        await Store.TryCreateAsync(SessionFacts.Session(id, DateTimeOffset.UtcNow, "desk") with { SnapshotHash = _hash }, default);
        return id;
    }

    private protected SessionRef RefOf(string sessionId) => new(sessionId, "desk", _hash, "u-1", "refund");

    private protected StepContext StepOf(string sessionId, string phase) =>
        new(RefOf(sessionId), 1, new SessionProgress { Revision = 1, Status = SessionStatus.Running, Phase = phase, Turn = 1 });

    /// <summary>One process.</summary>
    private protected Parts NewProcess(ScriptedChatModel model, CrashPoints points, IChatModelCatalog? models = null)
    {
        var store = new CrashingSessionStore(Store, points);
        var recorder = new StepRecorder(store, TimeProvider.System);
        var (health, cache) = (new ModelHealth(TimeProvider.System), new AnswerCache(TimeProvider.System));
        models ??= new CrashingModels(model, points);
        var metered = new MeteredCalls(new CrashingCostLedger(Ledger, points), TimeProvider.System);
        return new Parts(
            store, new AgentSnapshots(Store), models, new ModelCalls(models, health, metered, new InputCalibration(), cache, NoCaps, recorder), health, cache, recorder);
    }

    private protected sealed record Parts(
        ISessionStore Store, AgentSnapshots Snapshots, IChatModelCatalog Models, ModelCalls Calls, ModelHealth Health, AnswerCache Cache, StepRecorder Recorder);

    private protected sealed record Context(string InstanceId, string Name) : IActivityContext;

    private sealed class CrashingModels(ScriptedChatModel inner, CrashPoints points) : IChatModelCatalog, IChatModel
    {
        public Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken) =>
            points.AroundAsync("model", () => inner.CompleteAsync(request, cancellationToken));

        public IChatModel? Find(string deployment) => this;

        public string Resolve(string deployment) => inner.Resolve(deployment);

        public string Describe(string deployment) => inner.Describe(deployment);
    }
}
