using AgentWorkflows.Evals;
using AgentWorkflows.Words;
namespace AgentWorkflows.Server.Evals;

/// <summary>Runs every trial of every case, some at a time, within a budget.</summary>
internal sealed class EvalRun(EvalSetup setup, EvalBudget budget, TimeProvider time, Action<EvalCase, TrialOutcome> ended)
{
    public async Task<EvalReport> RunAsync(IReadOnlyList<EvalCase> cases, CancellationToken cancellationToken)
    {
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        var trials = cases.Select(one => new TrialOutcome?[one.Trials ?? setup.Trials]).ToList();
        // The first trial of each case before any second one: a budget that runs out leaves a little known of all.
        var work = cases.SelectMany((one, i) => Enumerable.Range(0, trials[i].Length).Select(trial => (Case: i, Trial: trial))).OrderBy(item => item.Trial);
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = setup.Parallel, CancellationToken = cancellationToken }, async (item, token) =>
        {
            var outcome = await TryAsync(cases[item.Case], token);
            trials[item.Case][item.Trial] = outcome;
            ended(cases[item.Case], outcome);
        });
        return new EvalReport
        {
            Agent = setup.Agent.Name,
            Version = setup.Agent.Version,
            Model = setup.ModelText,
            At = at,
            Took = time.GetElapsedTime(started),
            BudgetMicros = budget.LimitMicros,
            Cases = [.. cases.Select((one, i) => new CaseReport(one.Name, one.File, [.. trials[i].OfType<TrialOutcome>()]))],
        };
    }

    private async Task<TrialOutcome> TryAsync(EvalCase wanted, CancellationToken cancellationToken)
    {
        var wants = wanted.Limits.MaxCostUsd is { } most ? Micros.Min(setup.Agent.Limits.MaxCostMicros, Micros.OfUsd(most)) : setup.Agent.Limits.MaxCostMicros;
        var held = await budget.HoldAsync(wants, cancellationToken);
        var spent = Micros.Zero;
        try
        {
            if (held == Micros.Zero)
            {
                return new TrialOutcome.NotScored("The budget is used up: --budget.", 0);
            }
            await using var host = await TrialHost.OpenAsync(setup, wanted, cancellationToken);
            var trial = new Trial(host.Services, wanted, host.Tools, host.Models, new Judge(host.Models), time);
            var outcome = await trial.RunAsync(held.Usd, setup.Timeout, cancellationToken);
            spent = outcome.CostMicros;
            return held < wants && outcome is TrialOutcome.Scored { Passed: false, Trial.Failure.Category: FailureCategory.Budget }
                ? new TrialOutcome.NotScored("What was left of the budget was too little for it: --budget.", spent)
                : outcome;
        }
        finally
        {
            budget.Settle(held, spent);
        }
    }
}
