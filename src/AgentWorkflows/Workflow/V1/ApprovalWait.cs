using System.Globalization;
using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>The durable wait for a person, inside an orchestration. It costs disk, no thread and no memory.</summary>
internal static class ApprovalWait
{
    public static string IdOf(WorkflowLoop loop, string stepId) =>
        string.Create(CultureInfo.InvariantCulture, $"{loop.Session.Id}.{loop.State.Turn}.{stepId}");

    /// <summary>Contains the revision: a later rollback of what this one left asks again.</summary>
    public static string RollbackIdOf(WorkflowLoop loop, Compensation.CompensationEntry entry) => string.Create(
        CultureInfo.InvariantCulture, $"{loop.Session.Id}.{entry.Turn}.{entry.StepId}.rollback.{loop.State.Revision}");

    /// <param name="turn">The turn whose plan has the step, when it is not the current one.</param>
    public static async Task<ClosedApproval> RunAsync(WorkflowLoop loop, GatedCall call, string approvalId, int? turn = null)
    {
        var asked = loop.Context.CurrentUtcDateTime;
        loop.Apply(new SessionEvent.WaitBegan(asked));
        var opened = await loop.CallAsync(SessionSteps.RequestApproval, new RequestApprovalInput(
            StepOf(loop, turn), approvalId, call.StepId, call.Reason ?? "", asked, call.IsQuestion)
        {
            InDoubt = call.InDoubt && !call.IsQuestion,
        });
        var asking = new Asking(loop, call, approvalId, turn, opened);
        asking.Notify(opened.Notices);
        var closed = await asking.UntilClosedAsync();
        loop.Apply(new SessionEvent.WaitEnded(loop.Context.CurrentUtcDateTime));
        return closed;
    }

    private static StepContext StepOf(WorkflowLoop loop, int? turn)
    {
        var step = loop.Step(SessionStatus.AwaitingApproval, "approval");
        return turn is { } other ? step with { Turn = other } : step;
    }

    /// <summary>One request that waits.</summary>
    private sealed class Asking(WorkflowLoop loop, GatedCall call, string approvalId, int? turn, RequestApprovalOutput opened)
    {
        private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
        private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(15);

        /// <summary>While the delay grows from the first to the longest.</summary>
        private const int GrowingAttempts = 7;

        private readonly RetryPolicy _retry = new()
        {
            MaxNumberOfAttempts = (int)Math.Min(RetryPolicy.MaxAllowedAttempts, GrowingAttempts + ((opened.ExpiresAt - loop.Context.CurrentUtcDateTime) / LongestRetry)),
            FirstRetryInterval = FirstRetry,
            BackoffCoefficient = 2,
            MaxRetryInterval = LongestRetry,
        };

        public async Task<ClosedApproval> UntilClosedAsync()
        {
            foreach (var moment in opened.Moments)
            {
                if (await UntilAsync(moment.At) is { } closed)
                {
                    return closed;
                }
                var announced = await loop.CallAsync(SessionSteps.AnnounceApproval, new AnnounceApprovalInput(StepOf(loop, turn), approvalId, call.StepId, moment));
                Notify(announced.Notices);
            }
            return await UntilAsync(opened.ExpiresAt) ?? await CloseAsync(deadlinePassed: true);
        }

        /// <summary>Deliveries go on beside the wait; a channel that is down holds nothing up.</summary>
        public void Notify(IReadOnlyList<string> notices)
        {
            foreach (var notice in notices)
            {
                _ = loop.Context.CallAsync(
                    SessionSteps.NotifyApproval, new NotifyApprovalInput(StepOf(loop, turn), approvalId, call.StepId, notice, _retry.MaxNumberOfAttempts), _retry);
            }
        }

        /// <returns><c>null</c> when nobody had decided by then.</returns>
        private async Task<ClosedApproval?> UntilAsync(DateTimeOffset time)
        {
            while (!(await loop.Context.WaitForExternalEventUntil<ApprovalSignal>(ApprovalSignal.EventName(approvalId), time)).TimedOut)
            {
                if (await CloseAsync(deadlinePassed: false) is { Status: not ApprovalStatus.Pending } closed)
                {
                    return closed;
                }
            }
            return null;
        }

        private Task<ClosedApproval> CloseAsync(bool deadlinePassed) => loop.CallAsync(
            SessionSteps.CloseApproval, new CloseApprovalInput(StepOf(loop, turn), approvalId, call.StepId, deadlinePassed, opened.ExpiresAt));
    }
}
