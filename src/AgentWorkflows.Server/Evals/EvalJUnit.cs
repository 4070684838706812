using System.Globalization;
using System.Xml.Linq;
using AgentWorkflows.Evals;

namespace AgentWorkflows.Server.Evals;

/// <summary>A run as JUnit's XML: a test case for each trial, what was not scored as an error.</summary>
internal static class EvalJUnit
{
    public static XDocument Of(EvalReport report)
    {
        var trials = report.Cases.SelectMany(one => one.Trials.Select((trial, i) => Trial(report, one, trial, i))).ToList();
        return new XDocument(new XElement(
            "testsuites",
            new XElement(
                "testsuite", new XAttribute("name", $"eval {report.Agent} {report.Version}"), new XAttribute("tests", trials.Count), new XAttribute("failures", report.Scored - report.Passed),
                new XAttribute("errors", report.NotScored), new XAttribute("time", Seconds(report.Took)), new XAttribute("timestamp", report.At.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)), trials)));
    }

    private static XElement Trial(EvalReport report, CaseReport one, TrialOutcome outcome, int index)
    {
        var element = new XElement("testcase", new XAttribute("classname", $"{report.Agent}.{one.Name}"), new XAttribute("name", string.Create(CultureInfo.InvariantCulture, $"trial {index + 1}")), new XAttribute("file", one.File));
        switch (outcome)
        {
            case TrialOutcome.Scored scored:
                element.Add(new XAttribute("time", Seconds(scored.Trial.Latency)));
                if (!scored.Passed)
                {
                    element.Add(new XElement("failure", new XAttribute("message", Clean(scored.Problems[0].Message)), Clean(string.Join('\n', scored.Problems.Select(problem => $"{problem.Rubric}: {problem.Message}")))));
                }
                break;
            case TrialOutcome.NotScored not:
                element.Add(new XElement("error", new XAttribute("message", Clean(not.Reason))));
                break;
        }
        return element;
    }

    /// <summary>XML has no control characters; what models say may.</summary>
    private static string Clean(string text) => string.Concat(text.Select(c => System.Xml.XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
