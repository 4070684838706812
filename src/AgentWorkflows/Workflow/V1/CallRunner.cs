using System.Globalization;
using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>What became of a call; <see cref="Stop"/> when the session cannot go on.</summary>
internal sealed record CallOutcome(ObservationStatus Status, PlanStop? Stop = null)
{
    /// <summary>Its effect stands, or may: another way to the same end would be a second one.</summary>
    public bool MayStand { get; init; }
}

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
        var edited = false;
        if (call.Verdict == GateVerdict.Ask)
        {
            approvalId = ApprovalWait.IdOf(loop, call.StepId);
            var closed = await ApprovalWait.RunAsync(loop, call, approvalId);
            if (closed.Status is not (ApprovalStatus.Approved or ApprovalStatus.Edited))
            {
                return await NotApprovedAsync(loop, call, closed);
            }
            edited = closed.Status == ApprovalStatus.Edited;
        }
        if (SessionGuard.CheckToolCall(loop.State, loop.Limits, loop.Age) is GuardVerdict.Halt limit)
        {
            return new CallOutcome(ObservationStatus.Skipped, new PlanStop(SessionStatus.Halted, limit.Failure));
        }
        // With arguments that a person changed it is another call, and goes under its own key.
        return await ActAsync(loop, edited ? call with { JoinsKey = null } : call, approvalId);
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
        // What the last attempt says of itself does not undo an earlier one that may have taken effect.
        var action = unknown && acted.Action == ActionOutcome.NotDone ? ActionOutcome.Unknown : acted.Action;
        Ended(loop, entry, new SessionEvent.ActionEnded(0, action) { EditedPrint = acted.Doubt?.EditedPrint });
        Settlement? settled = null;
        if (action == ActionOutcome.Unknown && acted.Doubt is { } doubt)
        {
            settled = await DoubtCalls.RunAsync(loop, call, key, doubt);
            action = settled.Action;
            Ended(loop, entry, new SessionEvent.ActionEnded(0, action) { EditedPrint = doubt.EditedPrint, Settled = true });
        }
        var observed = await loop.CallAsync(SessionSteps.Observe, Observation(loop, call, acted, action, settled));
        loop.Apply(new SessionEvent.CallObserved(call, observed));
        var outcome = new CallOutcome(observed.Status) { MayStand = acted.Doubt is not null && action != ActionOutcome.NotDone };
        return observed.AskPerson ? await AskAboutAttackAsync(loop, call, outcome) : outcome;
    }

    private static void Ended(SessionLoop loop, CompensationEntry? entry, SessionEvent.ActionEnded ended)
    {
        if (entry is not null)
        {
            loop.Apply(ended with { EntryIndex = entry.Index });
        }
    }

    private static ObserveInput Observation(SessionLoop loop, GatedCall call, ActOutput acted, ActionOutcome action, Settlement? settled)
    {
        var step = loop.Step(SessionStatus.Running, "observe");
        if (acted.Succeeded || acted.Doubt is null || (settled is null && action == ActionOutcome.NotDone))
        {
            return new ObserveInput(step, call.StepId, acted.Succeeded ? ObservationStatus.Succeeded : ObservationStatus.Failed)
            {
                Message = acted.Failure?.Message,
                Suggestion = acted.Failure?.Suggestion,
            };
        }
        var (message, suggestion) = EffectsInDoubt.Told(acted.Failure?.Message, action, settled);
        var found = action == ActionOutcome.Done && settled is not null;
        return new ObserveInput(step, call.StepId, found ? ObservationStatus.Succeeded : ObservationStatus.Failed)
        {
            Message = message,
            Suggestion = suggestion,
            Effect = action,
            FoundByTool = found && !settled!.ByPerson ? true : null,
        };
    }

    /// <summary>The result looked like an attack: a person decides whether the session goes on with what is left of it.</summary>
    private static async Task<CallOutcome> AskAboutAttackAsync(SessionLoop loop, GatedCall call, CallOutcome outcome)
    {
        var question = call with { IsQuestion = true, Reason = $"What {call.Tool} returned looks like instructions to the model. Approve to go on without those passages, reject to stop." };
        var closed = await ApprovalWait.RunAsync(loop, question, ApprovalWait.IdOf(loop, call.StepId) + ".attack");
        return closed.Status == ApprovalStatus.Approved
            ? outcome
            : outcome with
            {
                Stop = new PlanStop(SessionStatus.Halted, new SessionFailure(
                    FailureCategory.Context, "injection_detected", $"What {call.Tool} returned looks like instructions to the model, and nobody decided to go on.")),
            };
    }

    /// <summary>The step's own way out: plan again, another way, a person, or the end.</summary>
    private static async Task<CallOutcome> EscalateAsync(SessionLoop loop, GatedCall call, CallOutcome outcome)
    {
        switch (Escalation.After(call.OnFailure, call.Alternative is not null && !outcome.MayStand, outcome.Status, call.Verdict != GateVerdict.Refuse))
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
