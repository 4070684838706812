using AgentWorkflows.Evals;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Tests.Evals;

public sealed class EvalRuleTests
{
    private const int Timeout = 30_000;

    [Theory]
    [InlineData(19, 1, 0, 0.95, "Good")]
    [InlineData(19, 1, 0, 0.97, "Bad")]
    [InlineData(20, 0, 1, 0.95, "NotScored")]
    [InlineData(0, 0, 3, 0.95, "NotScored")]
    [InlineData(10, 10, 3, 0.95, "Bad")]
    public void The_rate_of_what_was_scored_decides(int passed, int failed, int notScored, double minimum, string verdict) =>
        Assert.Equal(verdict, EvalRule.Of(Report(passed, failed, notScored), minimum, null).GetType().Name);

    [Fact]
    public void A_case_that_became_worse_is_named_with_the_interval_of_its_drop()
    {
        var baseline = new EvalBaseline(20, 20, new Dictionary<string, (int, int)> { ["one"] = (20, 20) });

        var bad = Assert.IsType<EvalVerdict.Bad>(EvalRule.Of(Report(10, 10, 0), 0, baseline));

        Assert.Contains(bad.Problems, problem => problem.StartsWith("one: worse than the baseline by 50.0 points (95 % interval ", StringComparison.Ordinal));
        Assert.IsType<EvalVerdict.Good>(EvalRule.Of(Report(19, 1, 0), 0, baseline));
    }

    [Fact(Timeout = Timeout)]
    public async Task Trials_that_run_together_never_hold_more_than_the_budget()
    {
        var budget = new EvalBudget(100);

        Assert.Equal(60, await budget.HoldAsync(60, CancellationToken.None));
        var second = budget.HoldAsync(60, CancellationToken.None);
        Assert.False(second.IsCompleted);
        budget.Settle(60, 30);

        Assert.Equal(60, await second);
        budget.Settle(60, 60);
        Assert.Equal(10, await budget.HoldAsync(60, CancellationToken.None));
        budget.Settle(10, 10);
        Assert.Equal(0, await budget.HoldAsync(60, CancellationToken.None));
        Assert.Equal(100, budget.SpentMicros);
    }

    private static EvalReport Report(int passed, int failed, int notScored) => new()
    {
        Agent = "desk",
        Version = "1",
        Model = "m",
        At = DateTimeOffset.UnixEpoch,
        Cases =
        [
            new CaseReport("one", "evals/one.yaml",
            [
                .. Enumerable.Repeat(new TrialOutcome.Scored(new TrialRecord { Status = SessionStatus.Completed }, []), passed),
                .. Enumerable.Repeat(new TrialOutcome.Scored(new TrialRecord { Status = SessionStatus.Completed }, [new RubricProblem("status", "no")]), failed),
                .. Enumerable.Repeat(new TrialOutcome.NotScored("dead", 0), notScored),
            ]),
        ],
    };
}
