using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Testing;

namespace AgentWorkflows.Server.Tests.Storage;

/// <summary>What tests of steps that ask a model and die have in common: real stores, an agent, prices.</summary>
public abstract class ModelStepCrashTests : StepCrashTests
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


    internal string Hash { get; private set; } = "";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Hash = await new AgentSnapshots(Store).SaveAsync(Agent, default);
    }

    internal sealed record Context(string InstanceId, string Name) : IActivityContext;
}
