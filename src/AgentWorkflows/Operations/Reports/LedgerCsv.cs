using System.Globalization;
using AgentWorkflows.Costs;
using AgentWorkflows.Words;

namespace AgentWorkflows.Operations.Reports;

/// <summary>Ledger entries as CSV (RFC 4180). Pure.</summary>
internal static class LedgerCsv
{
    public const string Header =
        "entry_id,session_id,turn,kind,subject,agent,user_id,task_type,purpose,status,in_doubt,expired,reserved_usd,cost_usd,"
        + "input_tokens,cached_input_tokens,output_tokens,price_sheet,reserved_at,settled_at";

    public static string Line(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var (call, actual) = (entry.Entry, entry.Actual);
        return string.Join(',',
        [
            Text(call.Id), Text(call.SessionId), Number(call.Turn), call.Kind.ToString(), Text(call.Subject), Text(call.Agent), Text(call.UserId), Text(call.TaskType),
            Text(call.Purpose), entry.Status.ToString(), Flag(actual?.InDoubt ?? false), Flag(entry.Expired), Usd(entry.ReservedMicros), Usd(entry.CostMicros),
            Number(actual?.InputTokens ?? 0), Number(actual?.CachedInputTokens ?? 0), Number(actual?.OutputTokens ?? 0), Text(actual?.PriceSheetVersion ?? ""),
            Time(entry.ReservedAt), entry.SettledAt is { } at ? Time(at) : "",
        ]);
    }

    /// <summary>What users sent must stay text, on one line: a spreadsheet runs a cell that begins like a formula, a terminal obeys control characters.</summary>
    private static string Text(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        var safe = line.Length > 0 && line[0] is '=' or '+' or '-' or '@' or ' ' ? "'" + line : line;
        return safe.AsSpan().IndexOfAny(',', '"') < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Usd(Micros micros) => micros.Usd.ToString("0.000000", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Flag(bool flag) => flag ? "true" : "false";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
