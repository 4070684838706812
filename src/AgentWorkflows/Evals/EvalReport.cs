using AgentWorkflows.Words;

namespace AgentWorkflows.Evals;

/// <summary>A run of cases.</summary>
internal sealed record EvalReport
{
    public required string Agent { get; init; }

    public required string Version { get; init; }

    /// <summary>How people are told what answered.</summary>
    public required string Model { get; init; }

    public required DateTimeOffset At { get; init; }

    public TimeSpan Took { get; init; }

    public required IReadOnlyList<CaseReport> Cases { get; init; }

    public Micros BudgetMicros { get; init; }

    /// <summary>Tools that wrote outside, because the run was told to let them.</summary>
    public IReadOnlyList<string> Effects { get; init; } = [];

    public int Passed => Cases.Sum(one => one.Passed);

    public int Scored => Cases.Sum(one => one.Scored);

    public int NotScored => Cases.Sum(one => one.NotScored);

    public Micros CostMicros => Cases.Sum(one => one.CostMicros);

    /// <summary><c>null</c>: nothing was scored.</summary>
    public Share? Reliability => Scored == 0 ? null : Evals.Reliability.Of(Passed, Scored);
}

internal sealed record CaseReport(string Name, string File, IReadOnlyList<TrialOutcome> Trials)
{
    public IEnumerable<TrialOutcome.Scored> ScoredTrials => Trials.OfType<TrialOutcome.Scored>();

    public int Passed => ScoredTrials.Count(trial => trial.Passed);

    public int Scored => ScoredTrials.Count();

    public int NotScored => Trials.Count - Scored;

    public Micros CostMicros => Trials.Sum(trial => trial.CostMicros);

    public Share? Reliability => Scored == 0 ? null : Evals.Reliability.Of(Passed, Scored);

    /// <summary>The median; <c>null</c>: nothing was scored.</summary>
    public TimeSpan? Latency => ScoredTrials.Select(trial => trial.Trial.Latency).Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : null;

    /// <summary>Why trials failed, the most frequent first.</summary>
    public IReadOnlyList<(string Rubric, string Message, int Count)> Problems =>
    [
        .. ScoredTrials.SelectMany(trial => trial.Problems).GroupBy(problem => problem.Rubric).OrderByDescending(group => group.Count())
            .Select(group => (group.Key, group.First().Message, group.Count())),
    ];

    public IReadOnlyList<string> NotScoredBecause => [.. Trials.OfType<TrialOutcome.NotScored>().Select(trial => trial.Reason).Distinct()];

    /// <summary>How the trials went about it: the tools that ran, and how often each way was taken; the most frequent first.</summary>
    public IReadOnlyList<(string Plan, int Count)> Plans =>
    [
        .. ScoredTrials.GroupBy(trial => string.Join(" → ", trial.Trial.Calls.Where(call => call.Ran).Select(call => call.Tool)), StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).Select(group => (group.Key.Length == 0 ? "no tool" : group.Key, group.Count())),
    ];

    /// <summary>Of the judge's votes, over all trials: the mean; <c>null</c>: there is no judge.</summary>
    public double? Disagreement => ScoredTrials.Select(trial => trial.Trial.Verdict).OfType<JudgeVerdict>().ToList() is { Count: > 0 } verdicts ? verdicts.Average(verdict => verdict.Disagreement) : null;

    public string? JudgeVersion => ScoredTrials.Select(trial => trial.Trial.Verdict?.Version).FirstOrDefault(version => version is not null);
}

/// <summary>What a run was held to, and came to.</summary>
internal abstract record EvalVerdict
{
    public sealed record Good : EvalVerdict;

    /// <param name="Problems">For people.</param>
    public sealed record Bad(IReadOnlyList<string> Problems) : EvalVerdict;

    /// <summary>Trials that say nothing, so that the run says nothing either.</summary>
    public sealed record NotScored(int Trials) : EvalVerdict;
}

/// <summary>The rates of an earlier run.</summary>
internal sealed record EvalBaseline(int Passed, int Scored, IReadOnlyDictionary<string, (int Passed, int Scored)> Cases);

/// <summary>Whether a run is good enough. Pure.</summary>
internal static class EvalRule
{
    /// <param name="minimum">0 to 1, compared with the rate itself, not with an end of its interval.</param>
    public static EvalVerdict Of(EvalReport report, double minimum, EvalBaseline? baseline)
    {
        ArgumentNullException.ThrowIfNull(report);
        var problems = new List<string>();
        if (report.Reliability is { } rate && rate.Value < minimum - 1e-9)
        {
            problems.Add(FormattableString.Invariant($"Reliability is {rate.Value:P1} (95 % interval {rate.Low:P1} to {rate.High:P1}), below the {minimum:P1} that are asked for."));
        }
        if (baseline is not null && baseline.Scored > 0 && report.Reliability is { } now)
        {
            var difference = Reliability.Difference(Reliability.Of(baseline.Passed, baseline.Scored), now);
            if (Reliability.IsWorse(difference))
            {
                problems.Add("All cases: " + Drop(difference));
            }
            problems.AddRange(report.Cases
                .Where(one => one.Scored > 0 && baseline.Cases.TryGetValue(one.Name, out var before) && before.Scored > 0)
                .Select(one => (one.Name, Difference: Reliability.Difference(Reliability.Of(baseline.Cases[one.Name].Passed, baseline.Cases[one.Name].Scored), one.Reliability!.Value)))
                .Where(one => Reliability.IsWorse(one.Difference)).Select(one => $"{one.Name}: {Drop(one.Difference)}"));
        }
        return problems.Count > 0 ? new EvalVerdict.Bad(problems) : report.NotScored > 0 || report.Scored == 0 ? new EvalVerdict.NotScored(report.NotScored) : new EvalVerdict.Good();
    }

    private static string Drop(Share difference) => FormattableString.Invariant(
        $"worse than the baseline by {-difference.Value * 100:0.0} points (95 % interval {-difference.High * 100:0.0} to {-difference.Low * 100:0.0}): more than noise.");
}
