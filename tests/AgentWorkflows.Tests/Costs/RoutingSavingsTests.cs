using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Operations.Reports;
using Xunit;

namespace AgentWorkflows.Tests.Costs;

public sealed class RoutingSavingsTests
{
    private static readonly AgentDefinition Agent = new()
    {
        Name = "desk",
        Version = "1",
        Instructions = "Be useful.",
        Models = new Dictionary<ModelPurpose, ModelRoute>
        {
            [ModelPurpose.Plan] = new() { Deployment = "default" },
            [ModelPurpose.Summarize] = new() { Deployment = "small" },
        },
        Tools = [],
        Prices = new Dictionary<string, ModelPrice> { ["large"] = Price(2_000_000), ["small"] = Price(100_000), ["unused"] = Price(9_000_000) },
    };

    [Fact]
    public void Savings_AreAgainstTheDearestRoutedModel_CacheHitsIncluded()
    {
        LedgerEntry[] entries =
        [
            Entry("large", "plan", 2000),
            Entry("small", "summarize", 100),
            Entry("large", "plan (cached)", 0),
            Entry("large", "plan", 5000) with { Actual = new CostActual(5000) { InDoubt = true } },
            Entry("large", "plan", 0) with { Status = LedgerEntryStatus.Released },
        ];

        var savings = RoutingSavings.Of(entries, Agent, deployment => deployment == "default" ? "large" : deployment);

        Assert.Equal(new Savings("large", 6000, 3900, 1), savings);
    }

    [Fact]
    public void WithoutAPrice_ThereIsNothingToCompare() => Assert.Null(RoutingSavings.Of([], Agent, _ => "unknown"));

    private static LedgerEntry Entry(string model, string purpose, long cost) => new()
    {
        Entry = new CostEntry("e", "s", 1, CostKind.Model, model) { Agent = "desk", UserId = "u", Purpose = purpose },
        Status = LedgerEntryStatus.Settled,
        ReservedMicros = cost,
        CostMicros = cost,
        Actual = new CostActual(cost) { InputTokens = 1000 },
        ReservedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.UnixEpoch,
    };

    private static ModelPrice Price(long input) => new()
    {
        InputMicrosPerMillion = input,
        CachedInputMicrosPerMillion = input,
        OutputMicrosPerMillion = input,
        SheetVersion = "1",
    };
}
