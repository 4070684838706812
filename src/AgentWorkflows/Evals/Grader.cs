using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Words;

namespace AgentWorkflows.Evals;

/// <summary>Judges what a trial came to against what its case expects. Pure.</summary>
internal static class Grader
{
    /// <summary>Everything that is not as expected; none: the trial passed.</summary>
    public static IReadOnlyList<RubricProblem> Grade(EvalCase wanted, TrialRecord trial)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(trial);
        var expect = wanted.Expect;
        return
        [
            .. trial.Unanswered.Select(problem => new RubricProblem("fixtures", problem)),
            .. Outcome(expect, trial), .. Tools(expect, trial), .. Calls(expect, trial), .. Approvals(expect, trial), .. Answer(expect, trial), .. Bounds(expect, trial),
            .. State("state", expect.State, trial.State), .. State("after_rollback", expect.AfterRollback, trial.AfterRollback), .. Judged(wanted.Judge, trial.Verdict),
        ];
    }

    private static IEnumerable<RubricProblem> Outcome(Expectations expect, TrialRecord trial)
    {
        if (expect.Statuses.Count > 0 && !expect.Statuses.Contains(trial.Status))
        {
            var failure = trial.Failure is { } because ? $" ({because.Type}: {because.Message})" : "";
            yield return new("status", $"The session is {SnakeCase.Of(trial.Status)}{failure}, but should be {string.Join(" or ", expect.Statuses.Select(status => SnakeCase.Of(status)))}.");
        }
        if (expect.Failure is { } type && trial.Failure?.Type != type)
        {
            yield return new("failure", $"The failure is {trial.Failure?.Type ?? "none"}, but should be {type}.");
        }
    }

    private static IEnumerable<RubricProblem> Tools(Expectations expect, TrialRecord trial)
    {
        var ran = trial.Calls.Where(call => call.Ran).Select(call => call.Tool).ToList();
        foreach (var tool in expect.Used.Where(tool => !ran.Contains(tool)))
        {
            yield return new("tools.used", $"{tool} did not run. What ran: {List(ran)}.");
        }
        foreach (var tool in expect.Forbidden.Where(ran.Contains))
        {
            yield return new("tools.forbidden", $"{tool} ran. What ran: {List(ran)}.");
        }
        var next = 0;
        foreach (var tool in ran)
        {
            next += next < expect.Order.Count && expect.Order[next] == tool ? 1 : 0;
        }
        if (next < expect.Order.Count)
        {
            yield return new("tools.order", $"The order should be {string.Join(", ", expect.Order)}; {expect.Order[next]} did not come in its place. What ran: {List(ran)}.");
        }
    }

    private static IEnumerable<RubricProblem> Calls(Expectations expect, TrialRecord trial)
    {
        for (var i = 0; i < expect.Calls.Count; i++)
        {
            var wanted = expect.Calls[i];
            var calls = trial.Calls.Where(call => call.Ran && call.Tool == wanted.Tool).ToList();
            var problems = calls.Select(call => FirstProblem(call.Arguments, wanted.Arguments)).ToList();
            var fitting = problems.Count(problem => problem is null);
            if (wanted.Count is { } count ? fitting != count : fitting == 0)
            {
                var times = wanted.Count is { } exactly ? string.Create(CultureInfo.InvariantCulture, $"{exactly} times") : "at least once";
                var because = problems.FirstOrDefault(problem => problem is not null) is { } problem ? $" {problem}." : "";
                yield return new($"calls[{i}]", string.Create(CultureInfo.InvariantCulture, $"{wanted.Tool} ran as described {fitting} of {calls.Count} times, but should {times}.{because}"));
            }
        }
    }

    private static IEnumerable<RubricProblem> Approvals(Expectations expect, TrialRecord trial) =>
    [
        .. expect.Asked.Where(tool => !trial.Asked.Contains(tool)).Select(tool => new RubricProblem("approvals.asked", $"Nobody was asked about {tool}. Asked about: {List(trial.Asked)}.")),
        .. expect.NotAsked.Where(tool => tool == "*" ? trial.Asked.Count > 0 : trial.Asked.Contains(tool))
            .Select(tool => new RubricProblem("approvals.not_asked", $"A person was asked about {(tool == "*" ? List(trial.Asked) : tool)}.")),
    ];

    private static IEnumerable<RubricProblem> Answer(Expectations expect, TrialRecord trial)
    {
        var said = $" The answer: {Cut(trial.Answer)}";
        foreach (var part in expect.AnswerContains.Where(part => !trial.Answer.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            yield return new("answer.contains", $"'{part}' is not in the answer.{said}");
        }
        foreach (var pattern in expect.AnswerMatches.Where(pattern => !ValueCheck.IsMatch(trial.Answer, pattern)))
        {
            yield return new("answer.matches", $"Nothing in the answer matches {pattern}.{said}");
        }
        foreach (var pattern in expect.AnswerForbids.Where(pattern => ValueCheck.IsMatch(trial.Answer, pattern)))
        {
            yield return new("answer.forbids", $"The answer matches {pattern}.{said}");
        }
        foreach (var fact in expect.Facts)
        {
            var values = trial.Calls.Where(call => call.Tool == fact.Tool && call.Result is not null)
                .Select(call => CriteriaCheck.Find(call.Result!.Value, fact.Path)).OfType<JsonElement>().Select(ValueCheck.TextOf).ToList();
            if (values.Count == 0)
            {
                yield return new("facts", $"{fact.Tool} answered nothing at '{fact.Path}'.");
            }
            else if (!values.Any(value => value.Length > 0 && trial.Answer.Contains(value, StringComparison.OrdinalIgnoreCase)))
            {
                yield return new("facts", $"The answer does not say what {fact.Tool} answered at '{fact.Path}': {string.Join(" or ", values.Select(Cut))}.{said}");
            }
        }
    }

    private static IEnumerable<RubricProblem> Bounds(Expectations expect, TrialRecord trial)
    {
        if (trial.CostMicros > expect.MaxCostMicros)
        {
            yield return new("max_cost_usd", string.Create(CultureInfo.InvariantCulture, $"It cost {trial.CostMicros.Usd} USD, but should at most {expect.MaxCostMicros!.Value.Usd}."));
        }
        if (trial.Tokens > expect.MaxTokens)
        {
            yield return new("max_tokens", string.Create(CultureInfo.InvariantCulture, $"It took {trial.Tokens} tokens, but should at most {expect.MaxTokens}."));
        }
        if (trial.Turns > expect.MaxTurns)
        {
            yield return new("max_turns", string.Create(CultureInfo.InvariantCulture, $"It took {trial.Turns} turns, but should at most {expect.MaxTurns}."));
        }
        if (trial.Latency > expect.MaxLatency)
        {
            yield return new("max_latency", string.Create(CultureInfo.InvariantCulture, $"It took {trial.Latency.TotalSeconds:0.00} s, but should at most {expect.MaxLatency.Value.TotalSeconds:0.00} s."));
        }
    }

    private static IEnumerable<RubricProblem> State(string rubric, IReadOnlyList<ExpectedState> wanted, IReadOnlyList<JsonElement?> found)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            var problem = i < found.Count && found[i] is { } read ? FirstProblem(read, wanted[i].Values) : "It answered no result";
            if (problem is not null)
            {
                yield return new($"{rubric}[{i}]", $"{wanted[i].Tool}: {problem}.");
            }
        }
    }

    private static IEnumerable<RubricProblem> Judged(EvalJudge? judge, JudgeVerdict? verdict)
    {
        if (judge is not null && verdict is not null && verdict.Yes < judge.AtLeast * (verdict.Yes + verdict.No))
        {
            yield return new("judge", string.Create(CultureInfo.InvariantCulture, $"{verdict.Yes} of {verdict.Yes + verdict.No} votes say yes to: {judge.Question}"));
        }
    }

    private static string? FirstProblem(JsonElement value, IReadOnlyList<NamedCheck> checks) => checks
        .Select(check => check.Check.Problem(CriteriaCheck.Find(value, check.Path)) is { } problem ? $"'{check.Path}' {problem}" : null)
        .FirstOrDefault(problem => problem is not null);

    private static string List(IReadOnlyCollection<string> tools) => tools.Count == 0 ? "nothing" : string.Join(", ", tools);

    private static string Cut(string text) => text.Length <= 300 ? text : text[..300] + "…";
}
