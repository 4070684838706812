using AgentWorkflows.Durability;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>Lets the answer route write the answer that a plan has drafted: once, and once more after a short wait. The session ends with the draft where that fails.</summary>
internal static class AnswerCalls
{
    public static async Task RunAsync(SessionLoop loop)
    {
        for (var attempt = 1; attempt <= AnswerActivity.MaxAttempts; attempt++)
        {
            var limit = SessionGuard.Check(loop.State, loop.Limits, loop.Age) as GuardVerdict.Halt;
            var input = new AnswerInput(loop.Step(SessionStatus.Running, "answer"), attempt, loop.Limits) { NotAsked = limit?.Failure.Message };
            AnswerOutput output;
            try
            {
                output = await loop.CallAsync(SessionSteps.Answer, input);
            }
            catch (TaskFailedException)
            {
                // The session has an answer; a step that only words it better must not take it away.
                return;
            }
            loop.Apply(new SessionEvent.Charged(output.Tokens, output.CostMicros));
            if (output.RetryAfter is not { } wait)
            {
                return;
            }
            if (loop.Age + wait < loop.Limits.MaxAge)
            {
                await loop.Context.CreateTimer(wait);
            }
        }
    }
}
