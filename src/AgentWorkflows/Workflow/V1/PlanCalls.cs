using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>A turn's plan: one model call, and what <see cref="PlanRecovery"/> says where it gave none. Waiting is a durable timer: no thread, and it survives a restart.</summary>
internal static class PlanCalls
{
    public static async Task<PlanOutput> RunAsync(SessionRun run)
    {
        for (var attempts = PlanAttempts.First with { Simple = run.State.Simple }; ;)
        {
            var output = await run.CallAsync(SessionSteps.Plan, new PlanInput(run.Step(SessionStatus.Running, "plan"), attempts.Attempt, run.Input.Limits)
            {
                Fallback = attempts.Fallback,
                Simple = attempts.Simple,
                Refreshed = attempts.Refreshed,
                Notice = run.State.Notice,
            });
            run.State = run.State with { Tokens = run.State.Tokens + output.Tokens, CostMicros = run.State.CostMicros + output.CostMicros };
            if (output.Trouble == ModelTrouble.None)
            {
                return output;
            }
            if (SessionGuard.Check(run.State, run.Input.Limits, run.Age) is GuardVerdict.Halt halt)
            {
                return output with { Kind = PlanKind.Fail, Failure = halt.Failure };
            }
            switch (PlanRecovery.Next(output, attempts, run.State, run.Input.Limits, run.Age))
            {
                case RecoveryStep.Again again:
                    attempts = again.Attempts;
                    run.State = run.State with
                    {
                        Simple = attempts.Simple,
                        Retries = run.State.Retries + (again.Retry ? 1 : 0),
                        ModelWaits = run.State.ModelWaits + (again.Wait ? 1 : 0),
                    };
                    if (again.RefreshBecause is { } because)
                    {
                        await ContextCare.RefreshAsync(run, because);
                    }
                    if (again.Delay > TimeSpan.Zero)
                    {
                        await run.Context.CreateTimer(again.Delay);
                    }
                    break;
                case RecoveryStep.Shorten shorten:
                    attempts = shorten.Attempts;
                    run.State = run.State with { Retries = run.State.Retries + 1 };
                    await ContextCare.ShortenAsync(run);
                    break;
                case RecoveryStep.GiveUp end:
                    return output with { Kind = PlanKind.Fail, Failure = end.Failure };
                default:
                    return output with { Kind = PlanKind.Fail };
            }
        }
    }
}
