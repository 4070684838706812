using AgentWorkflows.AspNetCore.Sessions;

namespace AgentWorkflows.Server.Terminal;

/// <summary>Writes a session's timeline as it grows: a heading per turn, a line per entry, what it took and cost at the right edge.</summary>
internal sealed class TimelineView(Screen screen)
{
    private const int Indent = 2;
    private const int KindWidth = 11;
    private const int DurationWidth = 10;
    private const int CostWidth = 11;

    private int _turn = -1;

    public void Write(TimelineItem item)
    {
        // The goal stands above and the answer below the timeline already.
        if (item is { Kind: "Session", Status: "started" } or { Kind: "Outcome" })
        {
            return;
        }
        if (item.Turn != _turn && item.Turn > 0)
        {
            screen.Line();
            screen.Line($"Turn {item.Turn}", Styles.Strong);
        }
        _turn = item.Turn;
        var textWidth = screen.Width - Indent - KindWidth - DurationWidth - CostWidth;
        var lines = Layout.Wrap(Title(item), textWidth - 1);
        var numbers = (Duration(item).PadLeft(DurationWidth) + Cost(item).PadLeft(CostWidth)).TrimEnd();
        screen.Raw(new string(' ', Indent) + Kind(item).PadRight(KindWidth), Styles.Dim);
        screen.Raw(numbers.Length > 0 ? lines[0].PadRight(textWidth) : lines[0], Styles.OfEntry(item.Status));
        screen.Raw(numbers, Styles.Dim);
        screen.EndLine();
        foreach (var line in lines.Skip(1))
        {
            screen.Raw(new string(' ', Indent + KindWidth) + line, Styles.OfEntry(item.Status));
            screen.EndLine();
        }
    }

    /// <summary>The status is said in words where the title alone would read as if all went well.</summary>
    internal static string Title(TimelineItem item) =>
        IsQuiet(item.Status) || item.Title.Contains(item.Status, StringComparison.OrdinalIgnoreCase) ? item.Title : $"{item.Title} ({item.Status.Replace('_', ' ')})";

    internal static string Kind(TimelineItem item) => item.Kind switch
    {
        "Compensation" => "compensate",
        _ => item.Kind.ToLowerInvariant(),
    };

    internal static string Duration(TimelineItem item) => item.DurationMs is { } duration ? Layout.Duration(duration) : "";

    internal static string Cost(TimelineItem item) => item.CostUsd > 0 ? Layout.Usd(item.CostUsd) : "";

    private static bool IsQuiet(string status) =>
        status is "" or "succeeded" or "completed" or "forked" or "allowed" or "passed" or "planned" or "done" or "ok" or "started" or "continue"
            or "steps" or "answer" or "run" or "ask" or "pending";
}
