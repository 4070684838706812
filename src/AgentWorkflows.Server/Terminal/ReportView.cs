using System.Globalization;
using AgentWorkflows.AspNetCore.Reports;
using Spectre.Console;

namespace AgentWorkflows.Server.Terminal;

/// <summary>A day's report.</summary>
internal static class ReportView
{
    public static void Write(Screen screen, DailyReportResponse report)
    {
        screen.Field("Day", report.Date + (report.Complete ? " UTC" : " UTC, so far") + (report.User is { } user ? $", user {user}" : ""), Styles.Strong);
        WriteSessions(screen, report.Sessions);
        WriteSpend(screen, report.Spend);
        WriteReturn(screen, report);
        if (report.Spend.CostUsd > 0)
        {
            screen.Line();
            screen.Line("Spend by hour, UTC", Styles.Dim);
            foreach (var line in BarChart.Hours(report.SpendByHourUsd, screen.Width))
            {
                screen.Line(line);
            }
        }
        WriteTasks(screen, "task type", report.ByTaskType);
        WriteTasks(screen, "agent", report.ByAgent);
        WriteTasks(screen, "user", report.ByUser);
        WriteCalls(screen, "model or tool", report.ByModel);
        WriteCalls(screen, "purpose", report.ByPurpose);
    }

    private static void WriteSessions(Screen screen, SessionsResponse sessions)
    {
        var share = sessions.Started == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({100m * sessions.Succeeded / sessions.Started:0.0} %)");
        screen.Field("Sessions", $"{sessions.Started} started, {sessions.Succeeded} succeeded{share}");
        if (sessions.ByStatus.Count > 0)
        {
            screen.Field("", string.Join(", ", sessions.ByStatus.Select(pair => $"{pair.Value} {SessionViews.Words(pair.Key).ToLowerInvariant()}")), Styles.Dim);
        }
        if (sessions.FailuresByCategory.Count > 0)
        {
            screen.Field("Failures", string.Join(", ", sessions.FailuresByCategory.Select(pair => $"{pair.Value} {pair.Key.ToLowerInvariant()}")), Styles.Warning);
        }
    }

    private static void WriteSpend(Screen screen, SpendResponse spend)
    {
        screen.Field("Cost", $"{Layout.Usd(spend.CostUsd)} for {Layout.Count(spend.Calls, "call")}, {spend.InputTokens:N0} tokens in, {spend.OutputTokens:N0} out");
        if (spend.InDoubtUsd > 0)
        {
            screen.Field("", $"{Layout.Usd(spend.InDoubtUsd)} of it in doubt: answers that were lost in a crash, charged in full", Styles.Warning);
        }
        if (spend.HeldUsd > 0)
        {
            screen.Field("", $"{Layout.Usd(spend.HeldUsd)} more reserved for calls under way", Styles.Dim);
        }
        if (spend.ExpiredReservations > 0)
        {
            screen.Field("", $"{Layout.Count(spend.ExpiredReservations, "reservation")} expired", Styles.Warning);
        }
        if (spend.HoldRatio is { } ratio)
        {
            screen.Field("Holds", string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} reserved for each dollar that was spent"), Styles.Dim);
        }
    }

    private static void WriteReturn(Screen screen, DailyReportResponse report)
    {
        var roi = report.Roi;
        var percent = roi.Percent is { } value ? string.Create(CultureInfo.InvariantCulture, $", {value:0.#} % of what was spent") : "";
        screen.Field(
            "Return",
            $"{Layout.Usd(Math.Abs(roi.SavedUsd))} {(roi.SavedUsd < 0 ? "lost" : "saved")}{percent}: {Layout.Count(report.Sessions.Succeeded, "success")} at {Layout.Usd(roi.HumanCostPerTaskUsd)} of a person's time",
            roi.SavedUsd < 0 ? Styles.Warning : Styles.Good);
    }

    private static void WriteTasks(Screen screen, string title, IReadOnlyList<SpendGroupResponse> groups)
    {
        if (groups.Count == 0)
        {
            return;
        }
        screen.Line();
        var table = new Table().Border(TableBorder.None).AddColumns(
            Column(title), Column("cost").RightAligned(), Column("sessions").RightAligned(), Column("succeeded").RightAligned(), Column("per success").RightAligned());
        foreach (var group in groups)
        {
            table.AddRow(
                new Text(Layout.Cut(group.Key, 28)), new Text(Layout.Usd(group.CostUsd)), new Text($"{group.Sessions}"), new Text($"{group.Succeeded}"),
                new Text(group.CostPerSuccessUsd is { } usd ? Layout.Usd(usd) : "-"));
        }
        screen.Console.Write(table);
    }

    private static void WriteCalls(Screen screen, string title, IReadOnlyList<SpendGroupResponse> groups)
    {
        if (groups.Count == 0)
        {
            return;
        }
        screen.Line();
        var table = new Table().Border(TableBorder.None).AddColumns(
            Column(title), Column("cost").RightAligned(), Column("calls").RightAligned(), Column("tokens in").RightAligned(), Column("out").RightAligned());
        foreach (var group in groups)
        {
            table.AddRow(
                new Text(Layout.Cut(group.Key, 28)), new Text(Layout.Usd(group.CostUsd)), new Text($"{group.Calls}"), new Text($"{group.InputTokens}"),
                new Text($"{group.OutputTokens}"));
        }
        screen.Console.Write(table);
    }

    private static TableColumn Column(string title) => new TableColumn(new Text(title, Styles.Dim)).NoWrap();
}
