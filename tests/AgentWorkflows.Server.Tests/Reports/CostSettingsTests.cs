using AgentWorkflows.Hosting;
using AgentWorkflows.Server.Terminal;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AgentWorkflows.Server.Tests.Reports;

public sealed class CostSettingsTests
{
    [Fact]
    public void Settings_AreReadInUsd()
    {
        var (settings, problems) = Read(("Costs:UserPerDay", "0.000001"), ("Costs:GlobalPerHour", "250"), ("Costs:HumanPerTask", "0"));

        Assert.Empty(problems);
        Assert.Equal((1, 250_000_000, 0), (settings.Caps.UserPerDayMicros, settings.Caps.GlobalPerHourMicros, settings.Reports.HumanMicrosPerTask));
        Assert.Equal((100_000_000, 50_000_000), (settings.Caps.UserPerMonthMicros, settings.Caps.AgentPerDayMicros));
    }

    [Theory]
    [InlineData("Costs:UserPerDay", "0")]
    [InlineData("Costs:UserPerDay", "-5")]
    [InlineData("Costs:UserPerDay", "0.0000001")]
    [InlineData("Costs:AgentPerDay", "1000000001")]
    [InlineData("Costs:AgentPerDay", "79228162514264337593543950335")]
    [InlineData("Costs:HumanPerTask", "free")]
    [InlineData("Costs:PerDay", "5")]
    public void AWrongSetting_IsNamed(string key, string value) =>
        Assert.StartsWith(key, Assert.Single(Read((key, value)).Problems), StringComparison.Ordinal);

    [Fact]
    public void Chart_ShowsTheHoursWithSpendAsBars()
    {
        var hours = new decimal[24];
        (hours[9], hours[11]) = (0.5m, 0.000001m);

        Assert.Equal(
            ["  09:00  ██████████ $0.500000", "  10:00             $0.000000", "  11:00  ▏          $0.000001"],
            BarChart.Hours(hours, 32));
        Assert.Empty(BarChart.Hours(new decimal[24], 80));
    }

    private static (CostSettings Settings, IReadOnlyList<string> Problems) Read(params (string Key, string Value)[] values) => CostSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build());
}
