using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Costs;

public sealed class CostCapsTests
{
    private static readonly SessionRef Session = new("s-1", "order-desk", "sha256:abc", "u-1", "refund");

    [Fact]
    public void For_ACall_HasEveryCapFromTheNarrowestToTheWidest() =>
        Assert.Equal(
            [
                new CostCap("session:s-1", 42),
                new CostCap("user-day:u-1:2026-11-20", 1),
                new CostCap("user-month:u-1:2026-11", 2),
                new CostCap("agent-day:order-desk:2026-11-20", 3),
                new CostCap("global-hour:2026-11-20T09", 4),
            ],
            CostCaps.For(
                Session, new SessionLimits { MaxCostMicros = 42 },
                new CostCapOptions { UserPerDayMicros = 1, UserPerMonthMicros = 2, AgentPerDayMicros = 3, GlobalPerHourMicros = 4 },
                new DateTimeOffset(2026, 11, 20, 9, 5, 0, TimeSpan.Zero)));

    [Fact]
    public void Options_HaveTheDocumentedDefaults() =>
        Assert.Equal([500_000, 5_000_000, 100_000_000, 50_000_000, 100_000_000], LimitsAt(DateTimeOffset.UnixEpoch));

    [Theory]
    [InlineData("2026-11-20T23:59:59.9999999Z", "2026-11-20", "2026-11", "2026-11-20T23")]
    [InlineData("2026-11-21T00:00:00Z", "2026-11-21", "2026-11", "2026-11-21T00")]
    [InlineData("2026-11-30T23:59:59.9999999Z", "2026-11-30", "2026-11", "2026-11-30T23")]
    [InlineData("2026-12-01T00:00:00Z", "2026-12-01", "2026-12", "2026-12-01T00")]
    [InlineData("2026-12-31T23:59:59.9999999Z", "2026-12-31", "2026-12", "2026-12-31T23")]
    [InlineData("2027-01-01T00:00:00Z", "2027-01-01", "2027-01", "2027-01-01T00")]
    [InlineData("2028-02-29T12:59:59Z", "2028-02-29", "2028-02", "2028-02-29T12")]
    [InlineData("2026-11-20T13:00:00Z", "2026-11-20", "2026-11", "2026-11-20T13")]
    public void Boundaries_AreThoseOfUtc(string now, string day, string month, string hour) =>
        Assert.Equal(
            ["session:s-1", $"user-day:u-1:{day}", $"user-month:u-1:{month}", $"agent-day:order-desk:{day}", $"global-hour:{hour}"],
            ScopesAt(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void TheSameInstant_InAnyOffset_FallsUnderTheSameCaps()
    {
        var utc = new DateTimeOffset(2026, 11, 30, 23, 30, 0, TimeSpan.Zero);

        Assert.Equal(ScopesAt(utc), ScopesAt(utc.ToOffset(TimeSpan.FromHours(14))));
        Assert.Equal(ScopesAt(utc), ScopesAt(utc.ToOffset(TimeSpan.FromHours(-12))));
        Assert.Contains("user-month:u-1:2026-12", ScopesAt(new DateTimeOffset(2026, 11, 30, 22, 0, 0, TimeSpan.FromHours(-5))));
    }

    private static IEnumerable<string> ScopesAt(DateTimeOffset now) =>
        CostCaps.For(Session, new SessionLimits(), new CostCapOptions(), now).Select(cap => cap.Scope);

    private static IEnumerable<Micros> LimitsAt(DateTimeOffset now) =>
        CostCaps.For(Session, new SessionLimits(), new CostCapOptions(), now).Select(cap => cap.LimitMicros);
}
