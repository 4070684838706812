using System.Globalization;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Reports;

/// <summary>Operators see everybody's day; other callers their own.</summary>
internal sealed class ReportHandlers(ReportService reports)
{
    public async Task<IResult> DailyAsync(HttpContext context)
    {
        if (!TryDate(context, reports.Today, out var date))
        {
            return Problem.InvalidQuery("date", $"Must be a day as 2026-11-20, not after today ({reports.Today:yyyy-MM-dd}, UTC).");
        }
        var caller = Caller.Of(context);
        var user = caller.IsOperator ? Query.Text(context, "user") : caller.User;
        user = user is null ? null : PersonName.Normalize(user) ?? user;
        switch (Query.Text(context, "format") ?? "json")
        {
            case "json":
                return Results.Json(DailyReportResponse.From(await reports.DailyAsync(date, user, context.RequestAborted)), ApiJson.Options);
            case "csv":
                context.Response.Headers.ContentDisposition = $"attachment; filename=\"ledger-{date:yyyy-MM-dd}.csv\"";
                return Results.Stream(stream => WriteCsvAsync(date, user, stream, context.RequestAborted), "text/csv; charset=utf-8");
            default:
                return Problem.InvalidQuery("format", "Must be json or csv.");
        }
    }

    private static bool TryDate(HttpContext context, DateOnly today, out DateOnly date)
    {
        date = today;
        return Query.Text(context, "date") is not { } text
            || (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date) && date <= today);
    }

    private async Task WriteCsvAsync(DateOnly date, string? user, Stream stream, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\r\n" };
        await writer.WriteLineAsync(LedgerCsv.Header);
        await foreach (var entry in reports.EntriesAsync(date, user, cancellationToken))
        {
            await writer.WriteLineAsync(LedgerCsv.Line(entry));
        }
    }
}
