using System.Globalization;
using AgentWorkflows.Durability;
using AgentWorkflows.Sessions;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Approvals;

/// <summary>The event that wakes a session about an approval. It carries no decision; the store has it.</summary>
public sealed record ApprovalSignal(string ApprovalId);

/// <summary>The durable wait for a person, inside an orchestration. It costs disk, no thread and no memory.</summary>
internal static class ApprovalWait
{
    public static string IdOf(SessionRun run, string stepId) =>
        string.Create(CultureInfo.InvariantCulture, $"{run.Input.Session.Id}.{run.State.Turn}.{stepId}");

    /// <summary>Contains the revision: a later rollback of what this one left asks again.</summary>
    public static string RollbackIdOf(SessionRun run, Compensation.CompensationEntry entry) => string.Create(
        CultureInfo.InvariantCulture, $"{run.Input.Session.Id}.{entry.Turn}.{entry.StepId}.rollback.{run.State.Revision}");

    public static string EventName(string approvalId) => "approval:" + approvalId;

    /// <param name="turn">The turn whose plan has the step, when it is not the current one.</param>
    public static async Task<ClosedApproval> RunAsync(SessionRun run, GatedCall call, string approvalId, int? turn = null)
    {
        var context = run.Context;
        var asked = context.CurrentUtcDateTime;
        var deadline = asked + call.ApprovalTimeout;
        await run.CallAsync(SessionSteps.RequestApproval, new RequestApprovalInput(
            StepOf(run, turn), approvalId, call.StepId, call.Reason ?? "", asked, deadline, call.IsQuestion));
        while (true)
        {
            var woken = await context.WaitForExternalEventUntil<ApprovalSignal>(EventName(approvalId), deadline);
            var closed = await run.CallAsync(SessionSteps.CloseApproval, new CloseApprovalInput(
                StepOf(run, turn), approvalId, call.StepId, woken.TimedOut, deadline));
            if (closed.Status != ApprovalStatus.Pending)
            {
                run.State = run.State with { Waited = run.State.Waited + (context.CurrentUtcDateTime - asked) };
                return closed;
            }
        }
    }

    private static StepContext StepOf(SessionRun run, int? turn)
    {
        var step = run.Step(SessionStatus.AwaitingApproval, "approval");
        return turn is { } other ? step with { Turn = other } : step;
    }
}
