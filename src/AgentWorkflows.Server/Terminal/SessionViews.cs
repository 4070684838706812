using AgentWorkflows.AspNetCore.Sessions;
using Spectre.Console;

namespace AgentWorkflows.Server.Terminal;

/// <summary>Sessions as a table, and the end of one as a summary.</summary>
internal static class SessionViews
{
    /// <summary>Ids are never cut, they are what other commands take: the columns leave room for 36 characters at 80.</summary>
    public static void WriteTable(Screen screen, IReadOnlyList<SessionSummary> sessions, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.None).AddColumns(
            Column("session"), Column("status"), Column("agent"), Column("cost").RightAligned(), Column("age").RightAligned());
        foreach (var session in sessions)
        {
            table.AddRow(
                new Text(Layout.Clean(session.Id)),
                new Text(session.Status, Styles.OfSession(session.Status)),
                new Text(Layout.Cut(session.Agent, 12)),
                new Text(Layout.Usd(session.CostUsd)),
                new Text(Layout.Age(now - session.CreatedAt)));
        }
        screen.Console.Write(table);
    }

    public static void WriteSummary(Screen screen, SessionResponse session, RunTotals totals, string dataHint)
    {
        screen.Line();
        screen.Field("Outcome", Words(session.Status), Styles.OfSession(session.Status));
        if (session.Failure is { } failure)
        {
            screen.Field("Failure", $"{failure.Message} ({failure.Category.ToLowerInvariant()}: {failure.Type})", Styles.Bad);
        }
        if (session.Answer is { } answer)
        {
            screen.Field("Answer", answer, Styles.Strong);
        }
        screen.Field("Cost", $"{Layout.Usd(session.CostUsd)}, {Layout.Count(session.Tokens, "token")}, {Layout.Count(session.Turn, "turn")}");
        screen.Field("Work", $"{Layout.Count(totals.ToolCalls, "tool call")}, {Layout.Count(totals.Approvals, "approval")}{Compensations(session)}");
        screen.Field("Session", session.Id);
        screen.Field("More", $"{screen.Program} show {session.Id}{dataHint}", Styles.Dim);
        screen.Field("", $"{screen.Program} ledger {session.Id}{dataHint}", Styles.Dim);
    }

    /// <summary><c>CompletedPartially</c> as people say it.</summary>
    public static string Words(string status) => string.Concat(status.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : $"{c}"));

    private static string Compensations(SessionResponse session)
    {
        var ran = session.Compensations.GroupBy(entry => entry.Status).Where(group => group.Key is "Done" or "Failed" or "Unknown").ToArray();
        return string.Concat(ran.Select(group => $", {Layout.Count(group.Count(), "compensation")} {group.Key.ToLowerInvariant()}"));
    }

    private static TableColumn Column(string title) => new TableColumn(new Text(title, Styles.Dim)).NoWrap().Padding(0, 0, 1, 0);
}

/// <summary>Counted from the timeline, attempts of one call once.</summary>
internal sealed record RunTotals(int ToolCalls, int Approvals)
{
    public static RunTotals Of(IReadOnlyCollection<TimelineItem> timeline) => new(
        timeline.Where(item => item.Kind == "Act").Select(item => (item.Turn, item.StepId)).Distinct().Count(),
        timeline.Where(item => item.Kind == "Approval").Select(item => (item.Turn, item.StepId)).Distinct().Count());
}
