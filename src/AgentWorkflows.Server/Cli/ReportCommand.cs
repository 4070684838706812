using System.CommandLine;
using System.Globalization;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>report</c>: what a day cost, on what, and what it was worth.</summary>
internal sealed class ReportCommand(Screen screen, TimeProvider time, CommonOptions common)
{
    private readonly Option<DateOnly?> _date = new("--date")
    {
        Description = "The day, UTC, such as 2026-11-20. Default: today.",
        HelpName = "DATE",
        CustomParser = result =>
        {
            if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                return date;
            }
            result.AddError("--date must be a day such as 2026-11-20.");
            return null;
        },
    };

    private readonly Option<string?> _user = new("--user") { Description = "Only this user's sessions and costs." };

    private readonly Option<bool> _csv = new("--csv") { Description = "Write the day's ledger entries as CSV." };

    public Command Create() => new("report", "Report a day: spend by task type, agent, user and model, cost per success, return.")
    {
        _date, _user, _csv, common.Url, common.Json,
    };

    public async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var date = result.GetValue(_date);
        if (date > DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))
        {
            screen.Error($"There is no report of {date:yyyy-MM-dd} yet: days are UTC, and that one has not begun.");
            return ExitCodes.Usage;
        }
        await using var data = common.OpenData(result);
        if (result.GetValue(_csv))
        {
            await data.WriteEntriesAsync(date, result.GetValue(_user), screen.Output, cancellationToken);
            return ExitCodes.Completed;
        }
        var report = await data.GetReportAsync(date, result.GetValue(_user), cancellationToken);
        if (result.GetValue(common.Json))
        {
            screen.Json(report);
        }
        else
        {
            ReportView.Write(screen, report);
        }
        return ExitCodes.Completed;
    }
}
