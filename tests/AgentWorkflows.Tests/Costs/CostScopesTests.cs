using System.Globalization;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Costs;

public sealed class CostScopesTests
{
    [Theory]
    [InlineData("user-day:u:2026-11-20", "2026-11-21T00:00:00Z")]
    [InlineData("agent-day:a:b:2026-12-31", "2027-01-01T00:00:00Z")]
    [InlineData("user-month:u:2026-12", "2027-01-01T00:00:00Z")]
    [InlineData("global-hour:2026-11-20T23", "2026-11-21T00:00:00Z")]
    public void EndOf_IsTheFirstInstantAfterIt(string scope, string end) =>
        Assert.Equal(DateTimeOffset.Parse(end, CultureInfo.InvariantCulture), CostScopes.EndOf(scope));

    [Theory]
    [InlineData("session:2026-11-20")]
    [InlineData("user-day:u:someday")]
    [InlineData("user-day")]
    [InlineData("")]
    public void EndOf_WhatHasNone_IsNull(string scope) => Assert.Null(CostScopes.EndOf(scope));

    [Fact]
    public void EveryScopeOfACall_EndsAfterItOrIsItsSessions()
    {
        var now = new DateTimeOffset(2026, 11, 20, 23, 59, 59, TimeSpan.Zero);
        var caps = CostCaps.For(new SessionRef("s-1", "a", "h", "u:2020-01-01", "t"), new SessionLimits(), new CostCapOptions { AgentPerHourMicros = 1 }, now);

        Assert.Contains(new CostCap("agent-hour:a:2026-11-20T23", 1), caps);

        Assert.All(caps, cap => Assert.True(CostScopes.IsSession(cap.Scope) || CostScopes.EndOf(cap.Scope) > now, cap.Scope));
    }
}
