using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using Xunit;

namespace AgentWorkflows.Tests.Costs;

public sealed class PricingTests
{
    private static readonly ModelPrice Mini = new()
    {
        InputMicrosPerMillion = 400_000,
        CachedInputMicrosPerMillion = 100_000,
        OutputMicrosPerMillion = 1_600_000,
        SheetVersion = "2026-11",
    };

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1_000_000, 0, 0, 400_000)]
    [InlineData(1_000_000, 1_000_000, 0, 100_000)]
    [InlineData(0, 0, 1_000_000, 1_600_000)]
    [InlineData(1000, 200, 100, 500)]
    [InlineData(5, 0, 0, 2)]
    public void Cost_IsTokensTimesPrices(int input, int cached, int output, long micros) =>
        Assert.Equal(micros, Pricing.Cost(Mini, new ChatUsage(input, cached, output)));

    [Theory]
    [InlineData(1, 0, 0, 1)]
    [InlineData(0, 0, 1, 2)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(1, 0, 1, 2)]
    [InlineData(3, 1, 0, 1)]
    public void Cost_IsRoundedUpOnceForTheWholeCall(int input, int cached, int output, long micros) =>
        Assert.Equal(micros, Pricing.Cost(Mini, new ChatUsage(input, cached, output)));

    [Fact]
    public void Cost_HasThePricePerCallOnTop() =>
        Assert.Equal(7_002, Pricing.Cost(Mini with { MicrosPerCall = 7_000 }, new ChatUsage(5, 0, 0)));

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, 0, -1)]
    [InlineData(1, -1, 0)]
    [InlineData(1, 2, 0)]
    public void Cost_OfCountsThatCannotBe_Throws(int input, int cached, int output) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Pricing.Cost(Mini, new ChatUsage(input, cached, output)));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 5)]
    [InlineData(-1, 0, 5)]
    [InlineData(5, 0, -1)]
    [InlineData(5, 6, 1)]
    [InlineData(5, -1, 1)]
    public void Actual_OfAUsageThatIsMissingOrCannotBe_IsTheReservationInDoubt(int input, int cached, int output) =>
        Assert.Equal((900, true), (Charged(input, cached, output).CostMicros, Charged(input, cached, output).InDoubt));

    [Fact]
    public void Actual_KeepsTokensVersionAndUnitPrices() =>
        Assert.Equal(
            new CostActual(500)
            {
                InputTokens = 1000,
                CachedInputTokens = 200,
                OutputTokens = 100,
                PriceSheetVersion = "2026-11",
                Prices = new UnitPrices(400_000, 100_000, 1_600_000, 0),
            },
            Charged(1000, 200, 100));

    private static CostActual Charged(int input, int cached, int output) => Pricing.Actual(Mini, new ChatUsage(input, cached, output), 900);

    [Fact]
    public void Cost_OfTheLargestCallAtTheHighestPrice_IsExact()
    {
        var dearest = Mini with { InputMicrosPerMillion = 10_000_000_000, OutputMicrosPerMillion = 10_000_000_000 };

        Assert.Equal(2L * int.MaxValue * 10_000, Pricing.Cost(dearest, new ChatUsage(int.MaxValue, 0, int.MaxValue)));
    }

    [Fact]
    public void Cost_ThatDoesNotFit_ThrowsInsteadOfWrapping()
    {
        Assert.Throws<OverflowException>(() => Pricing.Cost(Mini with { InputMicrosPerMillion = long.MaxValue }, new ChatUsage(int.MaxValue, 0, 0)));
        Assert.Throws<OverflowException>(() => Pricing.Cost(Mini with { MicrosPerCall = long.MaxValue }, new ChatUsage(1, 0, 0)));
    }

    [Fact]
    public void WorstCase_IsNeverBelowTheCostOfAnyCallWithinIt()
    {
        var random = new Random(5);
        for (var i = 0; i < 2_000; i++)
        {
            var (maxInput, maxOutput) = (random.Next(0, 200_000), random.Next(1, 20_000));
            var input = random.Next(0, maxInput + 1);
            var usage = new ChatUsage(input, random.Next(0, input + 1), random.Next(0, maxOutput + 1));

            Assert.InRange(Pricing.Cost(Mini, usage), 0, Pricing.WorstCase(Mini, maxInput, maxOutput));
        }
    }

    [Theory]
    [InlineData("gpt-4.1", "plain")]
    [InlineData("west/gpt-4.1", "west")]
    [InlineData("north/gpt-4.1", "plain")]
    [InlineData("west/meta/llama", "slashed")]
    [InlineData("meta/llama", "slashed")]
    [InlineData("west/gpt-9", null)]
    [InlineData("gpt-4.1/west", null)]
    public void APrice_IsFoundByTheFullName_ThenByWhatFollowsTheEndpoint(string deployment, string? sheet)
    {
        static ModelPrice Of(string version) => new() { InputMicrosPerMillion = 1, CachedInputMicrosPerMillion = 1, OutputMicrosPerMillion = 1, SheetVersion = version };
        var prices = new Dictionary<string, ModelPrice> { ["gpt-4.1"] = Of("plain"), ["west/gpt-4.1"] = Of("west"), ["meta/llama"] = Of("slashed") };

        Assert.Equal(sheet, Pricing.Find(prices, deployment)?.SheetVersion);
    }
}
