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

    public static string EventName(string approvalId) => "approval:" + approvalId;

    public static async Task<ClosedApproval> RunAsync(SessionRun run, GatedCall call, string approvalId)
    {
        var context = run.Context;
        var asked = context.CurrentUtcDateTime;
        var deadline = asked + call.ApprovalTimeout;
        await run.CallAsync(SessionSteps.RequestApproval, new RequestApprovalInput(
            run.Step(SessionStatus.AwaitingApproval, "approval"), approvalId, call.StepId, call.Reason ?? "", asked, deadline));
        while (true)
        {
            var woken = await context.WaitForExternalEventUntil<ApprovalSignal>(EventName(approvalId), deadline);
            var closed = await run.CallAsync(SessionSteps.CloseApproval, new CloseApprovalInput(
                run.Step(SessionStatus.AwaitingApproval, "approval"), approvalId, call.StepId, woken.TimedOut, deadline));
            if (closed.Status != ApprovalStatus.Pending)
            {
                run.State = run.State with { Waited = run.State.Waited + (context.CurrentUtcDateTime - asked) };
                return closed;
            }
        }
    }
}
