using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Steps;

/// <param name="MaxAttempts">After so many the notice has failed.</param>
internal sealed record NotifyApprovalInput(StepContext Step, string ApprovalId, string StepId, string NoticeId, int MaxAttempts);

/// <summary>
/// Delivers one notice, at least once: after a crash between the delivery and its record it is sent again, under the same id. A channel that fails is recorded
/// with the request and tried again; the request itself waits in the inbox all the same.
/// </summary>
internal sealed class NotifyApprovalActivity(IApprovalStore approvals, ApprovalNotices notices, ApprovalLinks links, StepRecorder recorder)
    : IActivity<NotifyApprovalInput, NoticeStatus>
{
    public async Task<NoticeStatus> RunAsync(IActivityContext context, NotifyApprovalInput input, CancellationToken cancellationToken)
    {
        var request = await approvals.GetAsync(input.ApprovalId, cancellationToken);
        var notice = request?.Notices.FirstOrDefault(notice => notice.Id == input.NoticeId);
        if (request is null || notice is null || notice.Status is NoticeStatus.Delivered or NoticeStatus.Failed)
        {
            return notice?.Status ?? NoticeStatus.Unneeded;
        }
        if (request.Status != ApprovalStatus.Pending)
        {
            return await KeepAsync(input, notice with { Status = NoticeStatus.Unneeded }, cancellationToken);
        }
        var result = notices.Find(notice.Channel) is { } channel
            ? await channel.SendAsync(links.MessageOf(request, notice), cancellationToken)
            : new DeliveryResult.Failed($"There is no channel '{notice.Channel}' in the configuration any more.", Final: true);
        var attempted = notice with { Attempts = notice.Attempts + 1, At = recorder.Now, Error = null };
        if (result is not DeliveryResult.Failed failed)
        {
            await RecordAsync(input, request, attempted with { Status = NoticeStatus.Delivered }, cancellationToken);
            return NoticeStatus.Delivered;
        }
        var final = failed.Final || attempted.Attempts >= input.MaxAttempts;
        await RecordAsync(
            input, request, attempted with { Status = final ? NoticeStatus.Failed : NoticeStatus.Failing, Error = Cut(failed.Reason) }, cancellationToken);
        return final
            ? NoticeStatus.Failed
            : throw new DurableException("NoticeNotDelivered", $"{notice.Channel}: {Cut(failed.Reason)}", isNonRetryable: false);
    }

    private async Task<NoticeStatus> KeepAsync(NotifyApprovalInput input, ApprovalNotice notice, CancellationToken cancellationToken)
    {
        await approvals.PutNoticesAsync(input.ApprovalId, [notice], cancellationToken);
        return notice.Status;
    }

    /// <summary>The timeline has the first failure and the end of each notice; attempts in between are counted on the notice.</summary>
    private async Task RecordAsync(NotifyApprovalInput input, ApprovalRequest request, ApprovalNotice notice, CancellationToken cancellationToken)
    {
        await KeepAsync(input, notice, cancellationToken);
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Approval, $"approval/{request.Id}/notice/{notice.Id}/{notice.Status}", TitleOf(notice),
                notice.Status.ToString().ToLowerInvariant(), notice) with
            {
                Tool = request.Tool,
                StepId = input.StepId,
            },
            cancellationToken);
    }

    private static string TitleOf(ApprovalNotice notice)
    {
        var whom = notice.Recipient.Length > 0 ? $"{notice.Recipient} by {notice.Channel}" : notice.Channel;
        return notice.Status switch
        {
            NoticeStatus.Delivered => $"Told {whom}",
            NoticeStatus.Failing => $"Could not tell {whom} yet: {notice.Error}",
            _ => $"Could not tell {whom}: {notice.Error}",
        };
    }

    /// <summary>Redacted first: a key that was cut is not known for one.</summary>
    private static string Cut(string reason) => Redaction.Text(reason) is var redacted && redacted.Length > 200 ? redacted[..200] : redacted;
}
