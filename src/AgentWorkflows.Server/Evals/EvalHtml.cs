using System.Globalization;
using System.Net;
using System.Text;
using AgentWorkflows.Evals;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Evals;

/// <summary>A run as one page that needs nothing else: no script, no font, no picture from anywhere.</summary>
internal static class EvalHtml
{
    private const string Style = """
        :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#59636e;--line:#d8dee4;--card:#f6f8fa;--good:#1a7f37;--bad:#cf222e;--warn:#9a6700}
        @media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;--line:#30363d;--card:#161b22;--good:#3fb950;--bad:#f85149;--warn:#d29922}}
        *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        main{max-width:60rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.5rem;margin:0}p.sub{color:var(--dim);margin:.2rem 0 1.5rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin-bottom:1.5rem}
        .tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.75rem 1rem}.tile b{display:block;font-size:1.35rem}.tile span{color:var(--dim);font-size:.85rem}
        .scroll{overflow-x:auto}table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:.5rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
        th{color:var(--dim);font-weight:500;font-size:.85rem}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}.why{color:var(--dim);font-size:.88rem;margin:.2rem 0 0;overflow-wrap:anywhere}
        .bar{position:relative;height:.55rem;min-width:9rem;background:var(--line);border-radius:4px;margin-top:.45rem}
        .bar i{position:absolute;top:0;bottom:0;background:var(--dim);opacity:.45;border-radius:4px}.bar b{position:absolute;top:-.15rem;bottom:-.15rem;width:3px;background:var(--fg)}
        """;

    public static string Of(EvalReport report, EvalVerdict verdict)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Eval of {Text(report.Agent)} {Text(report.Version)}</title><style>{Style}</style></head><body><main>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>Eval of {Text(report.Agent)} {Text(report.Version)}</h1><p class=\"sub\">{Text(report.Model)} · {Layout.Time(report.At)}</p>");
        WriteTiles(page, report, verdict);
        if (verdict is EvalVerdict.Bad bad)
        {
            foreach (var problem in bad.Problems)
            {
                page.Append(CultureInfo.InvariantCulture, $"<p class=\"bad\">{Text(problem)}</p>");
            }
        }
        page.Append("<div class=\"scroll\"><table><thead><tr><th>Case</th><th class=\"n\">Passed</th><th>Pass rate, 95 % interval</th><th class=\"n\">Cost</th><th class=\"n\">Median time</th></tr></thead><tbody>");
        foreach (var one in report.Cases)
        {
            WriteCase(page, one);
        }
        page.Append("</tbody></table></div><p class=\"sub\">Intervals are Wilson’s score intervals (1927). A trial that was not scored says nothing of the agent.</p></main></body></html>\n");
        return page.ToString();
    }

    private static void WriteTiles(StringBuilder page, EvalReport report, EvalVerdict verdict)
    {
        page.Append("<div class=\"tiles\">");
        var (word, look) = verdict switch { EvalVerdict.Good => ("Good enough", "good"), EvalVerdict.Bad => ("Not enough", "bad"), _ => ("No verdict", "warn") };
        Tile(page, report.Reliability is { } rate ? EvalView.Percent(rate.Value) : "–", report.Reliability is { } of ? $"reliability, {EvalView.Interval(of)}" : "reliability");
        Tile(page, word, $"{report.Passed} of {report.Scored} trials passed", look);
        Tile(page, Layout.Count(report.NotScored, "trial"), "not scored", report.NotScored > 0 ? "warn" : "");
        Tile(page, EvalView.Short(report.CostMicros), $"of {EvalView.Short(report.BudgetMicros)}");
        Tile(page, Layout.Duration(report.Took), "in all");
        page.Append("</div>");
    }

    private static void Tile(StringBuilder page, string value, string label, string look = "") =>
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"tile\"><b class=\"{look}\">{Text(value)}</b><span>{Text(label)}</span></div>");

    private static void WriteCase(StringBuilder page, CaseReport one)
    {
        var look = one.Scored == 0 ? "warn" : one.Passed == one.Scored ? "good" : "bad";
        page.Append(CultureInfo.InvariantCulture, $"<tr><td><strong>{Text(one.Name)}</strong>");
        foreach (var (rubric, message, count) in one.Problems)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"why\"><span class=\"bad\">{Text(rubric)}</span> {count}×: {Text(message)}</p>");
        }
        foreach (var reason in one.NotScoredBecause)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"why\"><span class=\"warn\">not scored</span>: {Text(reason)}</p>");
        }
        page.Append(CultureInfo.InvariantCulture, $"</td><td class=\"n {look}\">{(one.Scored == 0 ? "–" : $"{one.Passed}/{one.Scored}")}</td><td>");
        if (one.Reliability is { } rate)
        {
            page.Append(CultureInfo.InvariantCulture, $"{EvalView.Interval(rate)}<div class=\"bar\"><i style=\"left:{rate.Low * 100:0.0}%;width:{(rate.High - rate.Low) * 100:0.0}%\"></i><b style=\"left:calc({rate.Value * 100:0.0}% - 2px)\"></b></div>");
        }
        page.Append(CultureInfo.InvariantCulture, $"</td><td class=\"n\">{EvalView.Short(one.CostMicros)}</td><td class=\"n\">{(one.Latency is { } latency ? Layout.Duration(latency) : "–")}</td></tr>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(Layout.Clean(text));
}
