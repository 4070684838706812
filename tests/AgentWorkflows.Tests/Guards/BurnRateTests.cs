using AgentWorkflows.Guards;
using AgentWorkflows.Sessions;
using Xunit;

namespace AgentWorkflows.Tests.Guards;

public sealed class BurnRateTests
{
    private static readonly SessionLimits Limits = new() { MaxCostMicros = 100_000_000 };

    [Fact]
    public void TheFirstCallOfASession_IsSpreadOverTheMinimumWindow() =>
        Assert.Equal(12 * 10_000, BurnRate.PerHour([new SpendPoint(TimeSpan.Zero, 0)], Limits, TimeSpan.FromMilliseconds(1), 10_000));

    [Theory]
    [InlineData(1, 166_666, false)]
    [InlineData(1, 166_667, true)]
    [InlineData(300, 166_667, true)]
    [InlineData(600, 333_333, false)]
    [InlineData(600, 333_334, true)]
    public void SpendingFasterThanTheLimit_EndsTheSession(int seconds, long cost, bool halts)
    {
        var state = new SessionState { Spending = [new SpendPoint(TimeSpan.Zero, 0)], CostMicros = cost };

        var verdict = SessionGuard.CheckToolCall(state, Limits, TimeSpan.FromSeconds(seconds));

        Assert.Equal(halts ? "burn_rate" : null, (verdict as GuardVerdict.Halt)?.Failure.Type);
    }

    [Fact]
    public void TheMessage_NamesRateAndLimit()
    {
        var state = new SessionState { Spending = [new SpendPoint(TimeSpan.Zero, 0)], CostMicros = 200_000 };

        var halt = Assert.IsType<GuardVerdict.Halt>(SessionGuard.Check(state, Limits, TimeSpan.FromSeconds(10)));

        Assert.Equal("The session spends 2.400000 USD an hour; its limit is 2.000000 USD an hour.", halt.Failure.Message);
        Assert.Equal(FailureCategory.Budget, halt.Failure.Category);
    }

    [Fact]
    public void AnExpensiveStart_IsForgottenWhenTheWindowHasPassed()
    {
        IReadOnlyList<SpendPoint> points = [];
        for (var minute = 0; minute <= 40; minute++)
        {
            points = BurnRate.Note(points, Limits, TimeSpan.FromMinutes(minute), minute == 0 ? 0 : 150_000 + minute);
        }

        Assert.InRange(BurnRate.PerHour(points, Limits, TimeSpan.FromMinutes(40), 150_040), 1, 100);
    }

    [Fact]
    public void ABurst_InALongSession_IsMeasuredOverTheWindow_NotOverTheSessionsAge()
    {
        IReadOnlyList<SpendPoint> points = [];
        for (var minute = 0; minute <= 600; minute++)
        {
            points = BurnRate.Note(points, Limits, TimeSpan.FromMinutes(minute), 0);
        }

        Assert.Equal(2_400_000, BurnRate.PerHour(points, Limits, TimeSpan.FromMinutes(600), 600_000));
    }

    [Fact]
    public void WhatIsRemembered_IsBounded()
    {
        IReadOnlyList<SpendPoint> points = [];
        for (var second = 0; second < 20_000; second++)
        {
            points = BurnRate.Note(points, Limits, TimeSpan.FromSeconds(second), second);
        }

        Assert.InRange(points.Count, 2, 17);
    }
}
