using AgentWorkflows.Durability;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>Lets the answer route write the answer that a plan has drafted: once, and once more after a short wait. The session ends with the draft where that fails.</summary>
internal static class AnswerCalls
{
    public static async Task RunAsync(SessionRun run)
    {
        for (var attempt = 1; attempt <= AnswerActivity.MaxAttempts; attempt++)
        {
            var limit = SessionGuard.Check(run.State, run.Input.Limits, run.Age) as GuardVerdict.Halt;
            var input = new AnswerInput(run.Step(SessionStatus.Running, "answer"), attempt, run.Input.Limits) { NotAsked = limit?.Failure.Message };
            AnswerOutput output;
            try
            {
                output = await run.CallAsync(SessionSteps.Answer, input);
            }
            catch (TaskFailedException)
            {
                // The session has an answer; a step that only words it better must not take it away.
                return;
            }
            run.State = run.State with { Tokens = run.State.Tokens + output.Tokens, CostMicros = run.State.CostMicros + output.CostMicros };
            if (output.RetryAfter is not { } wait)
            {
                return;
            }
            if (run.Age + wait < run.Input.Limits.MaxAge)
            {
                await run.Context.CreateTimer(wait);
            }
        }
    }
}
