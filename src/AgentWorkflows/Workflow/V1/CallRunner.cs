using System.Globalization;
using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>What became of a call; <see cref="Stop"/> when the session cannot go on.</summary>
internal sealed record CallOutcome(ObservationStatus Status, PlanStop? Stop = null);

/// <summary>One gated call on its way: approval, registration of its compensation, attempts, judgement, and the escalation its step asks for.</summary>
internal static class CallRunner
{
    public static async Task<CallOutcome> RunAsync(SessionLoop loop, GatedCall call)
    {
        var outcome = await TryAsync(loop, call);
        return outcome is { Stop: null, Status: not ObservationStatus.Succeeded } ? await EscalateAsync(loop, call, outcome) : outcome;
    }

    private static async Task<CallOutcome> TryAsync(SessionLoop loop, GatedCall call)
    {
        if (call.Verdict == GateVerdict.Refuse)
        {
            loop.Apply(new SessionEvent.CallRefused(call));
            return new CallOutcome(ObservationStatus.Refused);
        }
        string? approvalId = null;
        if (call.Verdict == GateVerdict.Ask)
        {
            approvalId = ApprovalWait.IdOf(loop, call.StepId);
            var closed = await ApprovalWait.RunAsync(loop, call, approvalId);
            if (closed.Status is not (ApprovalStatus.Approved or ApprovalStatus.Edited))
            {
                return await NotApprovedAsync(loop, call, closed);
            }
        }
        if (SessionGuard.CheckToolCall(loop.State, loop.Limits, loop.Age) is GuardVerdict.Halt limit)
        {
            return new CallOutcome(ObservationStatus.Skipped, new PlanStop(SessionStatus.Halted, limit.Failure));
        }
        return await ActAsync(loop, call, approvalId);
    }

    private static async Task<CallOutcome> NotApprovedAsync(SessionLoop loop, GatedCall call, ClosedApproval closed)
    {
        var status = closed.Status == ApprovalStatus.Rejected ? ObservationStatus.Rejected : ObservationStatus.ApprovalExpired;
        await loop.CallAsync(SessionSteps.Observe, new ObserveInput(loop.Step(SessionStatus.Running, "observe"), call.StepId, status)
        {
            Message = closed.Reason,
            Suggestion = "Do not ask for the same call again; answer the goal without it or propose something else.",
        });
        if (closed.Halts)
        {
            return new CallOutcome(status, new PlanStop(SessionStatus.Halted,
                new SessionFailure(FailureCategory.System, "approval_expired", $"Nobody decided about {call.Tool} in time, and the agent's policy ends the session then.")));
        }
        return loop.Rollback.OnRejection
            ? new CallOutcome(status, new PlanStop(SessionStatus.Rejected,
                new SessionFailure(FailureCategory.Quality, "rejected", $"{call.Tool} was rejected: {closed.Reason}")))
            : new CallOutcome(status);
    }

    private static async Task<CallOutcome> ActAsync(SessionLoop loop, GatedCall call, string? approvalId)
    {
        var key = call.JoinsKey ?? string.Create(CultureInfo.InvariantCulture, $"{loop.Session.Id}/{loop.State.Turn}/{call.StepId}");
        // The same turn that schedules the action makes the registration of its compensation durable.
        loop.Apply(new SessionEvent.CallBegan(call, key));
        var entry = call.Compensable || call.Irreversible ? loop.State.Saga[^1] : null;
        ActOutput acted;
        var unknown = false;
        for (var attempt = 1; ; attempt++)
        {
            acted = await loop.CallAsync(SessionSteps.Act, new ActInput(loop.Step(SessionStatus.Running, "act"), call.StepId, attempt, key, approvalId, loop.Limits));
            loop.Apply(new SessionEvent.Charged(Tokens: 0, acted.CostMicros));
            unknown |= acted.Action == ActionOutcome.Unknown;
            if (acted.RetryAfter is not { } delay || !loop.TryTakeRetry())
            {
                break;
            }
            await loop.Context.CreateTimer(delay);
        }
        if (entry is not null)
        {
            // What the last attempt says of itself does not undo an earlier one that may have taken effect.
            loop.Apply(new SessionEvent.ActionEnded(
                entry.Index, unknown && acted.Action == ActionOutcome.NotDone ? ActionOutcome.Unknown : acted.Action));
        }
        var observed = await loop.CallAsync(SessionSteps.Observe,
            new ObserveInput(loop.Step(SessionStatus.Running, "observe"), call.StepId, acted.Succeeded ? ObservationStatus.Succeeded : ObservationStatus.Failed)
            {
                Message = acted.Failure?.Message,
                Suggestion = acted.Failure?.Suggestion,
            });
        loop.Apply(new SessionEvent.CallObserved(call, observed));
        return observed.AskPerson ? await AskAboutAttackAsync(loop, call, observed) : new CallOutcome(observed.Status);
    }

    /// <summary>The result looked like an attack: a person decides whether the session goes on with what is left of it.</summary>
    private static async Task<CallOutcome> AskAboutAttackAsync(SessionLoop loop, GatedCall call, ObserveOutput observed)
    {
        var question = call with { IsQuestion = true, Reason = $"What {call.Tool} returned looks like instructions to the model. Approve to go on without those passages, reject to stop." };
        var closed = await ApprovalWait.RunAsync(loop, question, ApprovalWait.IdOf(loop, call.StepId) + ".attack");
        return closed.Status == ApprovalStatus.Approved
            ? new CallOutcome(observed.Status)
            : new CallOutcome(observed.Status, new PlanStop(SessionStatus.Halted, new SessionFailure(
                FailureCategory.Context, "injection_detected", $"What {call.Tool} returned looks like instructions to the model, and nobody decided to go on.")));
    }

    /// <summary>The step's own way out: plan again, another way, a person, or the end.</summary>
    private static async Task<CallOutcome> EscalateAsync(SessionLoop loop, GatedCall call, CallOutcome outcome)
    {
        switch (Escalation.After(call.OnFailure, call.Alternative is not null, outcome.Status, call.Verdict != GateVerdict.Refuse))
        {
            case NextRung.Alternative:
                return await RunAsync(loop, call.Alternative!);
            case NextRung.AskPerson:
                return await AskWhetherToGoOnAsync(loop, call, outcome);
            case NextRung.Halt:
                return outcome with
                {
                    Stop = new PlanStop(SessionStatus.Failed,
                        new SessionFailure(FailureCategory.System, "step_failed", $"Step '{call.StepId}' ({call.Tool}) did not succeed and its plan says to stop then.")),
                };
            default:
                return outcome;
        }
    }

    private static async Task<CallOutcome> AskWhetherToGoOnAsync(SessionLoop loop, GatedCall call, CallOutcome outcome)
    {
        var question = call with { IsQuestion = true, Reason = $"Step '{call.StepId}' ({call.Tool}) did not succeed. Approve to go on without it, reject to stop." };
        var closed = await ApprovalWait.RunAsync(loop, question, ApprovalWait.IdOf(loop, call.StepId) + ".failed");
        return closed.Status == ApprovalStatus.Approved
            ? outcome
            : outcome with
            {
                Stop = new PlanStop(SessionStatus.Failed, new SessionFailure(
                    FailureCategory.System, "step_failed", $"Step '{call.StepId}' ({call.Tool}) did not succeed, and nobody decided to go on.")),
            };
    }
}
