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
internal sealed record CallOutcome(ObservationStatus Status, PlanStop? Stop = null);

/// <summary>One gated call on its way: approval, registration of its compensation, attempts, judgement, and the escalation its step asks for.</summary>
internal static class CallRunner
{
    public static async Task<CallOutcome> RunAsync(SessionRun run, GatedCall call)
    {
        var outcome = await TryAsync(run, call);
        return outcome is { Stop: null, Status: not ObservationStatus.Succeeded } ? await EscalateAsync(run, call, outcome) : outcome;
    }

    private static async Task<CallOutcome> TryAsync(SessionRun run, GatedCall call)
    {
        if (call.Verdict == GateVerdict.Refuse)
        {
            run.State = run.State with { Loop = LoopGuard.Saw(run.State.Loop, call.Print, succeeded: false, changesSomething: false) };
            return new CallOutcome(ObservationStatus.Refused);
        }
        string? approvalId = null;
        if (call.Verdict == GateVerdict.Ask)
        {
            approvalId = ApprovalWait.IdOf(run, call.StepId);
            var closed = await ApprovalWait.RunAsync(run, call, approvalId);
            if (closed.Status is not (ApprovalStatus.Approved or ApprovalStatus.Edited))
            {
                return await NotApprovedAsync(run, call, closed);
            }
        }
        if (SessionGuard.CheckToolCall(run.State, run.Input.Limits, run.Age) is GuardVerdict.Halt limit)
        {
            return new CallOutcome(ObservationStatus.Skipped, new PlanStop(SessionStatus.Halted, limit.Failure));
        }
        return await ActAsync(run, call, approvalId);
    }

    private static async Task<CallOutcome> NotApprovedAsync(SessionRun run, GatedCall call, ClosedApproval closed)
    {
        var status = closed.Status == ApprovalStatus.Rejected ? ObservationStatus.Rejected : ObservationStatus.ApprovalExpired;
        await run.CallAsync(SessionSteps.Observe, new ObserveInput(run.Step(SessionStatus.Running, "observe"), call.StepId, status)
        {
            Message = closed.Reason,
            Suggestion = "Do not ask for the same call again; answer the goal without it or propose something else.",
        });
        if (closed.Halts)
        {
            return new CallOutcome(status, new PlanStop(SessionStatus.Halted,
                new SessionFailure(FailureCategory.System, "approval_expired", $"Nobody decided about {call.Tool} in time, and the agent's policy ends the session then.")));
        }
        return run.Input.Rollback.OnRejection
            ? new CallOutcome(status, new PlanStop(SessionStatus.Rejected,
                new SessionFailure(FailureCategory.Quality, "rejected", $"{call.Tool} was rejected: {closed.Reason}")))
            : new CallOutcome(status);
    }

    private static async Task<CallOutcome> ActAsync(SessionRun run, GatedCall call, string? approvalId)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{run.Input.Session.Id}/{run.State.Turn}/{call.StepId}");
        Count(run, call);
        var entry = Register(run, call, key);
        ActOutput acted;
        var unknown = false;
        for (var attempt = 1; ; attempt++)
        {
            acted = await run.CallAsync(SessionSteps.Act, new ActInput(run.Step(SessionStatus.Running, "act"), call.StepId, attempt, key, approvalId, run.Input.Limits));
            run.State = run.State with { CostMicros = run.State.CostMicros + acted.CostMicros };
            unknown |= acted.Action == ActionOutcome.Unknown;
            if (acted.RetryAfter is not { } delay || !run.TryTakeRetry())
            {
                break;
            }
            await run.Context.CreateTimer(delay);
        }
        if (entry is not null)
        {
            // What the last attempt says of itself does not undo an earlier one that may have taken effect.
            Settle(run, entry, unknown && acted.Action == ActionOutcome.NotDone ? ActionOutcome.Unknown : acted.Action);
        }
        var observed = await run.CallAsync(SessionSteps.Observe,
            new ObserveInput(run.Step(SessionStatus.Running, "observe"), call.StepId, acted.Succeeded ? ObservationStatus.Succeeded : ObservationStatus.Failed)
            {
                Message = acted.Failure?.Message,
                Suggestion = acted.Failure?.Suggestion,
            });
        var succeeded = observed.Status == ObservationStatus.Succeeded;
        // What the deployment for simple goals expected did not come true: the ordinary one plans from here on.
        run.State = run.State with { Simple = run.State.Simple && observed.Status != ObservationStatus.CriteriaFailed };
        if (call.Print.Length > 0)
        {
            run.State = run.State with { Loop = LoopGuard.Saw(run.State.Loop, observed.Print, succeeded, call.Tier != ToolTier.Read) };
        }
        if (succeeded)
        {
            run.State = run.State with { SucceededCalls = run.State.SucceededCalls + 1 };
        }
        return observed.AskPerson ? await AskAboutAttackAsync(run, call, observed) : new CallOutcome(observed.Status);
    }

    /// <summary>The result looked like an attack: a person decides whether the session goes on with what is left of it.</summary>
    private static async Task<CallOutcome> AskAboutAttackAsync(SessionRun run, GatedCall call, ObserveOutput observed)
    {
        var question = call with { IsQuestion = true, Reason = $"What {call.Tool} returned looks like instructions to the model. Approve to go on without those passages, reject to stop." };
        var closed = await ApprovalWait.RunAsync(run, question, ApprovalWait.IdOf(run, call.StepId) + ".attack");
        return closed.Status == ApprovalStatus.Approved
            ? new CallOutcome(observed.Status)
            : new CallOutcome(observed.Status, new PlanStop(SessionStatus.Halted, new SessionFailure(
                FailureCategory.Context, "injection_detected", $"What {call.Tool} returned looks like instructions to the model, and nobody decided to go on.")));
    }

    private static void Count(SessionRun run, GatedCall call)
    {
        var calls = new Dictionary<string, int>(run.State.CallsByTool, StringComparer.Ordinal);
        calls[call.Tool] = calls.GetValueOrDefault(call.Tool) + 1;
        run.State = run.State with { ToolCalls = run.State.ToolCalls + 1, CallsByTool = calls };
    }

    /// <summary>On the stack before the action: the same turn that schedules the action makes the registration durable.</summary>
    private static CompensationEntry? Register(SessionRun run, GatedCall call, string key)
    {
        if (!call.Compensable && !call.Irreversible)
        {
            return null;
        }
        run.State = run.State with
        {
            Saga = SagaStack.Register(run.State.Saga, new CompensationEntry
            {
                Index = run.State.Saga.Count,
                Turn = run.State.Turn,
                StepId = call.StepId,
                Tool = call.Tool,
                Tier = call.Tier,
                IdempotencyKey = key,
            }),
        };
        return run.State.Saga[^1];
    }

    private static void Settle(SessionRun run, CompensationEntry entry, ActionOutcome action)
    {
        var status = action == ActionOutcome.NotDone ? CompensationStatus.NotNeeded : CompensationStatus.Registered;
        run.State = run.State with { Saga = SagaStack.Replace(run.State.Saga, entry with { Action = action, Status = status }) };
    }

    /// <summary>The step's own way out: plan again, another way, a person, or the end.</summary>
    private static async Task<CallOutcome> EscalateAsync(SessionRun run, GatedCall call, CallOutcome outcome)
    {
        switch (Escalation.After(call.OnFailure, call.Alternative is not null, outcome.Status, call.Verdict != GateVerdict.Refuse))
        {
            case NextRung.Alternative:
                return await RunAsync(run, call.Alternative!);
            case NextRung.AskPerson:
                return await AskWhetherToGoOnAsync(run, call, outcome);
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

    private static async Task<CallOutcome> AskWhetherToGoOnAsync(SessionRun run, GatedCall call, CallOutcome outcome)
    {
        var question = call with { IsQuestion = true, Reason = $"Step '{call.StepId}' ({call.Tool}) did not succeed. Approve to go on without it, reject to stop." };
        var closed = await ApprovalWait.RunAsync(run, question, ApprovalWait.IdOf(run, call.StepId) + ".failed");
        return closed.Status == ApprovalStatus.Approved
            ? outcome
            : outcome with
            {
                Stop = new PlanStop(SessionStatus.Failed, new SessionFailure(
                    FailureCategory.System, "step_failed", $"Step '{call.StepId}' ({call.Tool}) did not succeed, and nobody decided to go on.")),
            };
    }
}
