using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Testing;
using Xunit;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>What tests of steps that ask a model and die have in common: real stores, an agent, prices.</summary>
public abstract class ModelStepCrashTests : IAsyncLifetime
{
    internal static readonly ChatUsage Usage = new(20, 5, 10);

    internal static readonly ModelPrice Price = new()
    {
        InputMicrosPerMillion = 400_000_000,
        CachedInputMicrosPerMillion = 100_000_000,
        OutputMicrosPerMillion = 1_600_000_000,
        SheetVersion = "2026-11",
    };

    internal static readonly CostCapOptions NoCaps = new()
    {
        UserPerDayMicros = 1L << 53,
        UserPerMonthMicros = 1L << 53,
        AgentPerDayMicros = 1L << 53,
        GlobalPerHourMicros = 1L << 53,
    };

    /// <summary>A name that is not the offline playbook's, for steps that leave that one alone.</summary>
    internal const string LanguageModel = "model";

    private static readonly AgentDefinition Agent = new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.",
        Models = new Dictionary<ModelPurpose, ModelRoute>
        {
            [ModelPurpose.Plan] = new(),
            [ModelPurpose.Answer] = new() { Deployment = "writer" },
            [ModelPurpose.Classify] = new(),
        },
        Tools = [],
        Prices = new Dictionary<string, ModelPrice> { [ScriptedChatModel.Deployment] = Price, [LanguageModel] = Price },
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-crash-");
    private ProductDatabase _database = null!;

    internal SqliteSessionStore Store { get; private set; } = null!;

    internal SqliteCostLedger Ledger { get; private set; } = null!;

    internal string Hash { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _database = ProductDatabase.Open(Path.Combine(_folder.FullName, "agentworkflows.db"));
        Store = new SqliteSessionStore(_database, TimeProvider.System);
        Ledger = new SqliteCostLedger(_database);
        Hash = await new AgentSnapshots(Store).SaveAsync(Agent, default);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal sealed record Context(string InstanceId, string Name) : IActivityContext;
}
