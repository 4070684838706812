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
    public static string IdOf(SessionRun run, string stepId) =>
        string.Create(CultureInfo.InvariantCulture, $"{run.Input.Session.Id}.{run.State.Turn}.{stepId}");

    /// <summary>Contains the revision: a later rollback of what this one left asks again.</summary>
    public static string RollbackIdOf(SessionRun run, Compensation.CompensationEntry entry) => string.Create(
        CultureInfo.InvariantCulture, $"{run.Input.Session.Id}.{entry.Turn}.{entry.StepId}.rollback.{run.State.Revision}");

    /// <param name="turn">The turn whose plan has the step, when it is not the current one.</param>
    public static async Task<ClosedApproval> RunAsync(SessionRun run, GatedCall call, string approvalId, int? turn = null)
    {
        var asked = run.Context.CurrentUtcDateTime;
        run.State = run.State with { WaitingSince = asked };
        var opened = await run.CallAsync(SessionSteps.RequestApproval, new RequestApprovalInput(
            StepOf(run, turn), approvalId, call.StepId, call.Reason ?? "", asked, call.IsQuestion));
        var asking = new Asking(run, call, approvalId, turn, opened);
        asking.Notify(opened.Notices);
        var closed = await asking.UntilClosedAsync();
        run.State = run.State with { Waited = run.State.Waited + (run.Context.CurrentUtcDateTime - asked), WaitingSince = null };
        return closed;
    }

    private static StepContext StepOf(SessionRun run, int? turn)
    {
        var step = run.Step(SessionStatus.AwaitingApproval, "approval");
        return turn is { } other ? step with { Turn = other } : step;
    }

    /// <summary>One request that waits.</summary>
    private sealed class Asking(SessionRun run, GatedCall call, string approvalId, int? turn, RequestApprovalOutput opened)
    {
        private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
        private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(15);

        /// <summary>While the delay grows from the first to the longest.</summary>
        private const int GrowingAttempts = 7;

        private readonly RetryPolicy _retry = new()
        {
            MaxNumberOfAttempts = (int)Math.Min(RetryPolicy.MaxAllowedAttempts, GrowingAttempts + ((opened.ExpiresAt - run.Context.CurrentUtcDateTime) / LongestRetry)),
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
                var announced = await run.CallAsync(SessionSteps.AnnounceApproval, new AnnounceApprovalInput(StepOf(run, turn), approvalId, call.StepId, moment));
                Notify(announced.Notices);
            }
            return await UntilAsync(opened.ExpiresAt) ?? await CloseAsync(deadlinePassed: true);
        }

        /// <summary>Deliveries go on beside the wait; a channel that is down holds nothing up.</summary>
        public void Notify(IReadOnlyList<string> notices)
        {
            foreach (var notice in notices)
            {
                _ = run.Context.CallAsync(
                    SessionSteps.NotifyApproval, new NotifyApprovalInput(StepOf(run, turn), approvalId, call.StepId, notice, _retry.MaxNumberOfAttempts), _retry);
            }
        }

        /// <returns><c>null</c> when nobody had decided by then.</returns>
        private async Task<ClosedApproval?> UntilAsync(DateTimeOffset time)
        {
            while (!(await run.Context.WaitForExternalEventUntil<ApprovalSignal>(ApprovalSignal.EventName(approvalId), time)).TimedOut)
            {
                if (await CloseAsync(deadlinePassed: false) is { Status: not ApprovalStatus.Pending } closed)
                {
                    return closed;
                }
            }
            return null;
        }

        private Task<ClosedApproval> CloseAsync(bool deadlinePassed) => run.CallAsync(
            SessionSteps.CloseApproval, new CloseApprovalInput(StepOf(run, turn), approvalId, call.StepId, deadlinePassed, opened.ExpiresAt));
    }
}
