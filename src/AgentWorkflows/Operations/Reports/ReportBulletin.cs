using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Screening;
using AgentWorkflows.Words;

namespace AgentWorkflows.Operations.Reports;

/// <summary>A day's report in words and tables. What users have named is on one line, bounded and without deceptive characters. Pure.</summary>
internal static class ReportBulletin
{
    public const string Type = "report.daily";
    private const int MaxName = 60;

    /// <summary>Rows of each table; the document has them all.</summary>
    private const int MaxRows = 10;

    public static Bulletin Of(DailyReport report, JsonElement document, Uri? home)
    {
        ArgumentNullException.ThrowIfNull(report);
        var day = report.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        List<BulletinSection> sections =
        [
            new("", Totals(report)),
            new("By task type", Rows(report.ByTaskType)),
            new("By agent", Rows(report.ByAgent)),
            new("By user", Rows(report.ByUser)),
            new("By model", Rows(report.ByModel)),
            new("Ended as", Counts(report.SessionsByStatus)),
            new("Failures", Counts(report.FailuresByCategory)),
        ];
        return new Bulletin($"rpt_{day}", Type, $"AgentWorkflows on {day}: {Usd(report.Spend.CostMicros)}, {Sessions(report.SessionsStarted)}",
            [.. sections.Where(section => section.Facts.Count > 0)], document)
        {
            Link = home is null ? null : new Uri(home, "#/report"),
            LinkText = "Open the report",
        };
    }

    private static List<(string, string)> Totals(DailyReport report)
    {
        var (spend, back) = (report.Spend, report.Return);
        List<(string, string)> facts =
        [
            ("Cost", spend.InDoubtMicros > 0 ? $"{Usd(spend.CostMicros)}, of it in doubt {Usd(spend.InDoubtMicros)}" : Usd(spend.CostMicros)),
            ("Calls", Number(spend.Calls)),
            ("Tokens", $"{Number(spend.InputTokens)} in ({Number(spend.CachedInputTokens)} cached), {Number(spend.OutputTokens)} out"),
            ("Sessions", $"{Number(report.SessionsStarted)} started, {Number(report.SessionsSucceeded)} completed"),
            ("A person would have cost", $"{Usd(back.HumanMicros)} ({Usd(back.HumanMicrosPerTask)} a task)"),
            ("Saved", back.Percent is { } percent ? $"{Usd(back.SavedMicros)} ({percent.ToString(CultureInfo.InvariantCulture)} %)" : Usd(back.SavedMicros)),
        ];
        if (spend.ExpiredReservations > 0)
        {
            facts.Add(("Reservations nobody ended", Number(spend.ExpiredReservations)));
        }
        return facts;
    }

    private static IReadOnlyList<(string, string)> Rows(IReadOnlyList<SpendGroup> groups) =>
    [
        .. groups.Take(MaxRows).Select(group => (VisibleText.Line(group.Key.Length > 0 ? group.Key : "(none)", MaxName), Row(group))),
        .. groups.Count > MaxRows ? [("", $"and {groups.Count - MaxRows} more")] : Array.Empty<(string, string)>(),
    ];

    private static string Row(SpendGroup group)
    {
        var sessions = group.Sessions > 0 ? $", {Sessions(group.Sessions)}, {Number(group.Succeeded)} completed" : "";
        var success = group.CostPerSuccessMicros is { } micros ? $", {Usd(micros)} a success" : "";
        return $"{Usd(group.CostMicros)}{sessions}{success}";
    }

    private static IReadOnlyList<(string, string)> Counts(IReadOnlyDictionary<string, int> counts) =>
        [.. counts.Select(count => (count.Key, Number(count.Value)))];

    private static string Sessions(int count) => count == 1 ? "1 session" : $"{Number(count)} sessions";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Usd(Micros micros) => micros < 0
        ? "−" + Usd(-micros)
        : string.Create(CultureInfo.InvariantCulture, $"${micros.Usd:#,0.00##}");
}
