using System.Text.Json;
using AgentWorkflows.Evals;
using AgentWorkflows.Words;

namespace AgentWorkflows.Server.Evals;

/// <summary>A run as JSON lines: a line a case, and one for all of it. What is written can be given to <c>--baseline</c> later.</summary>
internal static class EvalJson
{
    private const int MaxBaselineBytes = 64 * 1024 * 1024;

    public static object Of(CaseReport one) => new
    {
        type = "case",
        name = one.Name,
        file = one.File,
        passed = one.Passed,
        scored = one.Scored,
        notScored = one.NotScored,
        reliability = Rate(one.Reliability),
        costMicros = one.CostMicros,
        latencyMilliseconds = one.Latency?.TotalMilliseconds,
        judge = one.JudgeVersion,
        disagreement = one.Disagreement,
        plans = one.Plans.Select(plan => new { plan = plan.Plan, count = plan.Count }),
        problems = one.Problems.Select(problem => new { rubric = problem.Rubric, message = problem.Message, count = problem.Count }),
        notScoredBecause = one.NotScoredBecause,
        trials = one.ScoredTrials.Select(trial => new
        {
            status = SnakeCase.Of(trial.Trial.Status),
            passed = trial.Passed,
            answer = trial.Trial.Answer,
            costMicros = trial.CostMicros,
            tokens = trial.Trial.Tokens,
            turns = trial.Trial.Turns,
            milliseconds = trial.Trial.Latency.TotalMilliseconds,
        }),
    };

    public static object Of(EvalReport report, EvalVerdict verdict) => new
    {
        type = "eval",
        agent = report.Agent,
        version = report.Version,
        model = report.Model,
        at = report.At,
        passed = report.Passed,
        scored = report.Scored,
        notScored = report.NotScored,
        reliability = Rate(report.Reliability),
        costMicros = report.CostMicros,
        budgetMicros = report.BudgetMicros,
        milliseconds = report.Took.TotalMilliseconds,
        verdict = verdict switch { EvalVerdict.Good => "good", EvalVerdict.Bad => "bad", _ => "not_scored" },
        problems = verdict is EvalVerdict.Bad bad ? bad.Problems : [],
    };

    /// <exception cref="FormatException">The file is none that a run wrote; the message says where.</exception>
    public static EvalBaseline ReadBaseline(string path)
    {
        if (new FileInfo(path) is not { Exists: true, Length: <= MaxBaselineBytes })
        {
            throw new FormatException($"--baseline: there is no file '{path}' of at most {MaxBaselineBytes / (1024 * 1024)} MiB. Write one: eval --json > FILE");
        }
        var cases = new Dictionary<string, (int Passed, int Scored)>(StringComparer.Ordinal);
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            if (line.Trim().Length == 0)
            {
                continue;
            }
            try
            {
                var read = JsonElement.Parse(line);
                if (read.GetProperty("type").GetString() == "case")
                {
                    var (passed, scored) = (read.GetProperty("passed").GetInt32(), read.GetProperty("scored").GetInt32());
                    cases[read.GetProperty("name").GetString()!] = passed >= 0 && passed <= scored ? (passed, scored) : throw new FormatException("more passed than were scored");
                }
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new FormatException($"{path}:{index + 1}: no line that 'eval --json' wrote ({error.Message}).", error);
            }
        }
        return cases.Count == 0
            ? throw new FormatException($"{path}: there is no case in it. Write a baseline: eval --json > FILE")
            : new EvalBaseline(cases.Values.Sum(one => one.Passed), cases.Values.Sum(one => one.Scored), cases);
    }

    private static object? Rate(Share? share) => share is { } rate ? new { value = rate.Value, low = rate.Low, high = rate.High } : null;
}
