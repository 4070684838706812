using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Server.Cli;
using Xunit;

namespace AgentWorkflows.Server.Tests.Cli;

/// <summary>report, and what ledger shows of the same calls.</summary>
public sealed class ReportCommandTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Report_ShowsWhatASessionCostAndItsChart()
    {
        using var shell = new Shell();
        await shell.RunAsync("run", "Add a note to order 1042 \"customer called\"");
        var id = JsonElement.Parse((await shell.RunAsync("sessions", "--json")).Output).GetProperty("id").GetString()!;

        var text = await shell.RunAsync("report");
        var json = await shell.RunAsync("report", "--json");
        var csv = await shell.RunAsync("report", "--csv");
        var ledger = await shell.RunAsync("ledger", id, "--json");

        Assert.Equal((0, 0, 0), (text.ExitCode, json.ExitCode, csv.ExitCode));
        Assert.Contains("Sessions  1 started, 1 succeeded (100.0 %)", text.Output, StringComparison.Ordinal);
        Assert.Contains("█", text.Output, StringComparison.Ordinal);
        Assert.All(text.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        var report = JsonElement.Parse(json.Output);
        var total = JsonElement.Parse(ledger.Output).GetProperty("totalUsd").GetDecimal();
        Assert.Equal(total, report.GetProperty("spend").GetProperty("costUsd").GetDecimal());
        Assert.Equal(total, report.GetProperty("byTaskType")[0].GetProperty("costPerSuccessUsd").GetDecimal());
        var lines = csv.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(total, lines.Skip(1).Sum(line => decimal.Parse(line.Split(',')[13], CultureInfo.InvariantCulture)));
    }

    [Fact(Timeout = Timeout)]
    public async Task Report_OfADayWithoutSessions_IsEmptyAndOneOfTheFutureIsRefused()
    {
        using var shell = new Shell();
        await shell.RunAsync("run", "Add a note to order 1042 \"customer called\"");

        var past = await shell.RunAsync("report", "--date", "2026-01-01");
        var future = await shell.RunAsync("report", "--date", "9999-01-01");
        var wrong = await shell.RunAsync("report", "--date", "tomorrow");

        Assert.Contains("0 started, 0 succeeded", past.Output, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.Usage, ExitCodes.Usage), (future.ExitCode, wrong.ExitCode));
        Assert.Contains("--date must be a day such as 2026-11-20.", wrong.Error, StringComparison.Ordinal);
    }
}
