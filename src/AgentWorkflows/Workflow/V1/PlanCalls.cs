using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>A turn's plan: one model call, and what <see cref="PlanRecovery"/> says where it gave none. Waiting is a durable timer: no thread, and it survives a restart.</summary>
internal static class PlanCalls
{
    public static async Task<PlanOutput> RunAsync(SessionLoop loop)
    {
        for (var attempts = PlanAttempts.First with { Simple = loop.State.Simple }; ;)
        {
            var output = await loop.CallAsync(SessionSteps.Plan, new PlanInput(loop.Step(SessionStatus.Running, "plan"), attempts.Attempt, loop.Limits)
            {
                Fallback = attempts.Fallback,
                Simple = attempts.Simple,
                Refreshed = attempts.Refreshed,
                Notice = loop.State.Notice,
            });
            loop.Apply(new SessionEvent.Charged(output.Tokens, output.CostMicros));
            if (output.Trouble == ModelTrouble.None)
            {
                return output;
            }
            if (SessionGuard.Check(loop.State, loop.Limits, loop.Age) is GuardVerdict.Halt halt)
            {
                return output with { Kind = PlanKind.Fail, Failure = halt.Failure };
            }
            switch (PlanRecovery.Next(output, attempts, loop.State, loop.Limits, loop.Age))
            {
                case RecoveryStep.Again again:
                    attempts = again.Attempts;
                    loop.Apply(new SessionEvent.PlanAskedAgain(attempts.Simple, again.Retry, again.Wait));
                    if (again.RefreshBecause is { } because)
                    {
                        await ContextCare.RefreshAsync(loop, because);
                    }
                    if (again.Delay > TimeSpan.Zero)
                    {
                        await loop.Context.CreateTimer(again.Delay);
                    }
                    break;
                case RecoveryStep.Shorten shorten:
                    attempts = shorten.Attempts;
                    loop.Apply(new SessionEvent.RetryTaken());
                    await ContextCare.ShortenAsync(loop);
                    break;
                case RecoveryStep.GiveUp end:
                    return output with { Kind = PlanKind.Fail, Failure = end.Failure };
                default:
                    return output with { Kind = PlanKind.Fail };
            }
        }
    }
}
