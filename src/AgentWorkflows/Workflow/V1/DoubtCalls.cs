using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>
/// Finds out whether a call of which no answer came took effect, after the tool itself was asked again as often as that is safe: a tool that looks, at once and again when the
/// call can no longer be under way; then a person.
/// </summary>
internal static class DoubtCalls
{
    public static async Task<Settlement> RunAsync(SessionLoop loop, GatedCall call, string idempotencyKey, DoubtTerms terms)
    {
        if (terms.Looks)
        {
            var first = await LookAsync(loop, call, idempotencyKey, look: 1, last: false);
            if (first.Verdict != SettleVerdict.TookEffect)
            {
                await WaitAsync(loop, terms.Wait);
                first = await LookAsync(loop, call, idempotencyKey, look: 2, last: true);
            }
            if (first.Verdict != SettleVerdict.CannotTell)
            {
                return new Settlement(first.Verdict == SettleVerdict.TookEffect ? ActionOutcome.Done : ActionOutcome.NotDone, first.Tool, ByPerson: false);
            }
        }
        var question = call with { IsQuestion = true, Reason = EffectsInDoubt.Question(call.Tool) };
        var closed = await ApprovalWait.RunAsync(loop, question, ApprovalWait.IdOf(loop, call.StepId) + ".effect");
        return closed.Status switch
        {
            ApprovalStatus.Approved => new Settlement(ActionOutcome.Done, closed.Approver, ByPerson: true),
            ApprovalStatus.Rejected => new Settlement(ActionOutcome.NotDone, closed.Approver, ByPerson: true),
            _ => Settlement.Open,
        };
    }

    private static async Task<SettleOutput> LookAsync(SessionLoop loop, GatedCall call, string idempotencyKey, int look, bool last)
    {
        for (var attempt = 1; ; attempt++)
        {
            var output = await loop.CallAsync(
                SessionSteps.Settle, new SettleInput(loop.Step(SessionStatus.Running, "settle"), call.StepId, idempotencyKey, look, last, attempt));
            if (output.RetryAfter is not { } delay)
            {
                return output;
            }
            await WaitAsync(loop, delay);
        }
    }

    private static Task WaitAsync(SessionLoop loop, TimeSpan delay) => delay > TimeSpan.Zero ? loop.Context.CreateTimer(delay) : Task.CompletedTask;
}
