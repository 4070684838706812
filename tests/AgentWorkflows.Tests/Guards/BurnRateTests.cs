using AgentWorkflows.Guards;
using AgentWorkflows.Workflow;
using AgentWorkflows.Workflow.V1;
using Xunit;

namespace AgentWorkflows.Tests.Guards;

public sealed class BurnRateTests
{
    [Fact]
    public void TheFirstCall_IsMeasuredOverTenMinutes_NotOverItsSecond() =>
        Assert.Equal(6 * 50_000, BurnRate.MicrosPerHour([new SpendSample(TimeSpan.Zero, 0)], TimeSpan.FromSeconds(1), 50_000));

    [Fact]
    public void OnlyTheLastHour_Counts()
    {
        IReadOnlyList<SpendSample> samples = [];
        for (var minute = 0; minute <= 180; minute++)
        {
            samples = BurnRate.Add(samples, TimeSpan.FromMinutes(minute), minute <= 60 ? minute * 50_000 : 3_000_000);
        }

        Assert.Equal(0, BurnRate.MicrosPerHour(samples, TimeSpan.FromMinutes(180), 3_000_000));
        Assert.InRange(samples.Count, 20, 40);
    }

    [Fact]
    public void ASessionThatSpendsTooFast_IsHalted()
    {
        var state = new SessionState { CostMicros = 400_000, Spend = [new SpendSample(TimeSpan.Zero, 0)] };

        var halt = Assert.IsType<GuardVerdict.Halt>(SessionGuard.Check(state, new SessionLimits(), TimeSpan.FromMinutes(5)));

        Assert.Equal("burn_rate", halt.Failure.Type);
        Assert.IsType<GuardVerdict.Continue>(SessionGuard.Check(state, new SessionLimits(), TimeSpan.FromMinutes(13)));
    }

    [Theory]
    [InlineData(1, 333_333, null)]
    [InlineData(1, 333_335, "burn_rate")]
    [InlineData(600, 333_335, "burn_rate")]
    [InlineData(1200, 666_666, null)]
    [InlineData(1200, 666_668, "burn_rate")]
    public void SpendingFasterThanTheLimit_EndsTheSession(int seconds, long cost, string? failure)
    {
        var state = new SessionState { Spend = [new SpendSample(TimeSpan.Zero, 0)], CostMicros = cost };

        var verdict = SessionGuard.CheckToolCall(state, new SessionLimits { MaxCostMicros = 100_000_000 }, TimeSpan.FromSeconds(seconds));

        Assert.Equal(failure, (verdict as GuardVerdict.Halt)?.Failure.Type);
    }
}
