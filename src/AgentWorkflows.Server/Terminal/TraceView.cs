using AgentWorkflows.AspNetCore.Sessions;
using Spectre.Console;

namespace AgentWorkflows.Server.Terminal;

/// <summary>A session as a tree: turns, and in each what was planned, gated, run and observed.</summary>
internal static class TraceView
{
    public static void Write(Screen screen, SessionResponse session, IReadOnlyList<TimelineItem> timeline, bool details)
    {
        screen.Field("Session", session.Id, Styles.Strong);
        screen.Field("Goal", session.Goal);
        screen.Field("Agent", session.Agent);
        screen.Field("Status", SessionViews.Words(session.Status), Styles.OfSession(session.Status));
        if (session.ForkedFrom is { } source)
        {
            screen.Field("Forked", $"from turn {source.Turn} of {source.SessionId}, which keeps the cost and the compensations up to there");
        }
        screen.Field("Started", Layout.Time(session.CreatedAt));
        screen.Field("Cost", $"{Layout.Usd(session.CostUsd)}, {Layout.Count(session.Tokens, "token")}");
        screen.Line();
        var tree = new Tree(new Text("Trace", Styles.Strong)).Guide(TreeGuide.Line);
        foreach (var turn in timeline.GroupBy(item => item.Turn))
        {
            var parent = turn.Key == 0 ? null : tree.AddNode(new Text($"turn {turn.Key}  {Totals(turn)}", Styles.Strong));
            foreach (var item in turn)
            {
                var node = parent is null ? tree.AddNode(Entry(item)) : parent.AddNode(Entry(item));
                if (details && item.Detail is { } detail)
                {
                    node.AddNode(new Text(Layout.Clean(detail.GetRawText()), Styles.Dim));
                }
            }
        }
        screen.Console.Write(tree);
        WriteEnd(screen, session);
    }

    private static void WriteEnd(Screen screen, SessionResponse session)
    {
        screen.Line();
        foreach (var approval in session.PendingApprovals)
        {
            screen.Field("Waiting", $"{approval.Tool}: {screen.Program} approve {approval.Id} --yes", Styles.Warning);
        }
        foreach (var entry in session.Compensations)
        {
            screen.Field("Undo", $"{entry.Tool}: {SessionViews.Words(entry.Status).ToLowerInvariant()}");
        }
        if (session.Failure is { } failure)
        {
            screen.Field("Failure", $"{failure.Message} ({failure.Category.ToLowerInvariant()}: {failure.Type})", Styles.Bad);
        }
        if (session.Answer is { } answer)
        {
            screen.Field("Answer", answer, Styles.Strong);
        }
        if (session.Feedback is { } feedback)
        {
            screen.Field("Feedback", $"{feedback.Rating}, by {feedback.By}{(feedback.Comment is { } comment ? $": {comment}" : "")}");
        }
    }

    private static Text Entry(TimelineItem item)
    {
        var facts = string.Join(", ", new[] { TimelineView.Duration(item), TimelineView.Cost(item) }.Where(fact => fact.Length > 0));
        return new Text(
            $"{TimelineView.Kind(item),-10}  {Layout.Clean(TimelineView.Title(item))}{(facts.Length > 0 ? $"  [{facts}]" : "")}", Styles.OfEntry(item.Status));
    }

    private static string Totals(IEnumerable<TimelineItem> turn)
    {
        var cost = turn.Sum(item => item.CostUsd);
        return cost > 0 ? Layout.Usd(cost) : "";
    }
}
