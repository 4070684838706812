using System.Globalization;
using AgentWorkflows.Evals;
using AgentWorkflows.Server.Terminal;
using AgentWorkflows.Words;

namespace AgentWorkflows.Server.Evals;

/// <summary>A run in the terminal: a line a case, and below it why trials failed.</summary>
internal static class EvalView
{
    private const int NumbersWidth = 44;

    public static void WriteHead(Screen screen, EvalSetup setup, int cases, int trials, Micros budgetMicros)
    {
        screen.Field("Agent", $"{setup.Agent.Name} {setup.Agent.Version}", Styles.Strong);
        screen.Field("Model", setup.ModelText);
        screen.Field("Cases", $"{cases} with {Layout.Count(trials, "trial")}, {setup.Parallel} at a time, for at most {Short(budgetMicros)}");
        if (setup.AllowEffects)
        {
            screen.Field("Effects", "may act outside, as --allow-effects says", Styles.Warning);
        }
        screen.Line();
    }

    public static void Write(Screen screen, EvalReport report)
    {
        var width = Math.Clamp(report.Cases.Select(one => one.Name.Length).DefaultIfEmpty(4).Max() + 2, 6, screen.Width - NumbersWidth);
        screen.Line($"  {"case".PadRight(width)}{"passed",8}{"95 % interval",16}{"cost",10}{"time",8}", Styles.Dim);
        foreach (var one in report.Cases)
        {
            WriteCase(screen, one, width);
        }
        screen.Line();
        if (report.Reliability is { } rate)
        {
            screen.Field("Reliability", $"{Percent(rate.Value)}: {report.Passed} of {report.Scored}, 95 % interval {Interval(rate)}", report.Passed == report.Scored ? Styles.Good : Styles.Warning, 13);
        }
        if (report.NotScored > 0)
        {
            screen.Field("Not scored", $"{Layout.Count(report.NotScored, "trial")}: nothing can be said of them", Styles.Warning, 13);
        }
        if (report.Cases.Select(one => one.Disagreement).Max() is { } disagreement)
        {
            screen.Field("Judge", $"at most {Percent(disagreement)} of a case's votes are against the majority; {string.Join(", ", report.Cases.Select(one => one.JudgeVersion).OfType<string>().Distinct())}", null, 13);
        }
        screen.Field("Cost", $"{Short(report.CostMicros)} of {Short(report.BudgetMicros)}", null, 13);
        screen.Field("Time", Layout.Duration(report.Took), null, 13);
    }

    public static void WriteVerdict(Screen screen, EvalVerdict verdict)
    {
        switch (verdict)
        {
            case EvalVerdict.Bad bad:
                foreach (var problem in bad.Problems)
                {
                    screen.Field("Not enough", problem, Styles.Bad, 13);
                }
                break;
            case EvalVerdict.NotScored:
                screen.Field("No verdict", "Trials that were not scored say nothing. See above why.", Styles.Warning, 13);
                break;
            case EvalVerdict.Good:
                screen.Field("Good enough", "", Styles.Good, 13);
                break;
        }
    }

    private static void WriteCase(Screen screen, CaseReport one, int width)
    {
        var (mark, style) = one.Scored == 0 ? ("?", Styles.Warning) : one.Passed == one.Scored ? ("✓", Styles.Good) : ("✗", Styles.Bad);
        screen.Raw(mark + " ", style);
        screen.Raw(Layout.Cut(one.Name, width - 1).PadRight(width));
        screen.Raw($"{(one.Scored == 0 ? "–" : $"{one.Passed}/{one.Scored}"),8}", style);
        screen.Raw($"{(one.Reliability is { } rate ? Interval(rate) : "not scored"),16}");
        screen.Raw($"{Short(one.CostMicros),10}{(one.Latency is { } latency ? Layout.Duration(latency) : ""),8}", Styles.Dim);
        screen.EndLine();
        foreach (var (rubric, message, count) in one.Problems)
        {
            screen.Field($"{rubric}{(one.Scored > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({count}×)") : "")}", message, null, 22, 4);
        }
        foreach (var reason in one.NotScoredBecause)
        {
            screen.Field("not scored", reason, Styles.Warning, 22, 4);
        }
    }

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    public static string Interval(Share share) => string.Create(CultureInfo.InvariantCulture, $"{share.Low * 100:0.0}–{share.High * 100:0.0} %");

    public static string Short(Micros micros) => "$" + micros.Usd.ToString("0.0000", CultureInfo.InvariantCulture);

}
