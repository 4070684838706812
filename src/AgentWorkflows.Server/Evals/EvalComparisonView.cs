using System.Globalization;
using AgentWorkflows.Evals;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Evals;

/// <summary>Two runs of the same cases, side by side.</summary>
internal static class EvalComparisonView
{
    private const int NumbersWidth = 50;

    public static void Write(Screen screen, EvalReport before, EvalReport after)
    {
        screen.Field("1", $"{before.Agent} {before.Version}, {before.Model}", Styles.Strong, 3);
        screen.Field("2", $"{after.Agent} {after.Version}, {after.Model}", Styles.Strong, 3);
        screen.Line();
        var width = Math.Clamp(before.Cases.Select(one => one.Name.Length).DefaultIfEmpty(4).Max() + 2, 6, screen.Width - NumbersWidth);
        screen.Line($"{"case".PadRight(width)}{"1",7}{"2",7}{"change, 95 %",18}{"cost",18}", Styles.Dim);
        foreach (var (one, two) in before.Cases.Zip(after.Cases))
        {
            var difference = one.Reliability is { } first && two.Reliability is { } second ? Reliability.Difference(first, second) : (Share?)null;
            screen.Raw(Layout.Cut(one.Name, width - 1).PadRight(width));
            screen.Raw($"{Rate(one),7}{Rate(two),7}", two.Passed < one.Passed ? Styles.Bad : two.Passed > one.Passed ? Styles.Good : null);
            screen.Raw($"{(difference is { } share ? Points(share) : "–"),18}{Change(one, two),18}", Styles.Dim);
            screen.EndLine();
            if (string.Join('|', one.Plans.Select(plan => plan.Plan)) != string.Join('|', two.Plans.Select(plan => plan.Plan)))
            {
                screen.Field("plan 1", Plans(one), null, 8, 4);
                screen.Field("plan 2", Plans(two), null, 8, 4);
            }
        }
        screen.Line();
        foreach (var (name, report) in new[] { ("1", before), ("2", after) })
        {
            screen.Field($"Reliability {name}", report.Reliability is { } rate ? $"{EvalView.Percent(rate.Value)}: {report.Passed} of {report.Scored}, 95 % interval {EvalView.Interval(rate)}; {EvalView.Short(report.CostMicros)}" : "not scored", null, 15);
        }
    }

    private static string Rate(CaseReport one) => one.Scored == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{one.Passed}/{one.Scored}");

    private static string Points(Share share) => string.Create(CultureInfo.InvariantCulture, $"{share.Low * 100:+0;-0;0} to {share.High * 100:+0;-0;0}");

    private static string Change(CaseReport one, CaseReport two) => $"{EvalView.Short(one.CostMicros)} {(two.CostMicros == one.CostMicros ? "=" : $"→ {EvalView.Short(two.CostMicros)}")}";

    private static string Plans(CaseReport one) => string.Join("; ", one.Plans.Select(plan => one.Scored > 1 ? string.Create(CultureInfo.InvariantCulture, $"{plan.Plan} ({plan.Count}×)") : plan.Plan));
}
