using System.Globalization;
using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;

namespace AgentWorkflows.Steps;

internal sealed record AnnounceApprovalInput(StepContext Step, string ApprovalId, string StepId, ApprovalMoment Moment);

/// <param name="Notices">Ids of the notices to deliver.</param>
internal sealed record AnnounceApprovalOutput(IReadOnlyList<string> Notices);

/// <summary>A reminder or an escalation is due: notes it, and says who has to be told.</summary>
internal sealed class AnnounceApprovalActivity(IApprovalStore approvals, ApprovalNotices notices, StepRecorder recorder)
    : IActivity<AnnounceApprovalInput, AnnounceApprovalOutput>
{
    public async Task<AnnounceApprovalOutput> RunAsync(IActivityContext context, AnnounceApprovalInput input, CancellationToken cancellationToken)
    {
        if (await approvals.GetAsync(input.ApprovalId, cancellationToken) is not { Status: ApprovalStatus.Pending } request)
        {
            return new AnnounceApprovalOutput([]);
        }
        var moment = input.Moment;
        var approvers = moment.Kind == NoticeKind.Escalation && request.Stages.Count > moment.Index
            ? request.Stages[moment.Index].Approvers
            : ApprovalRules.Awaited(request, moment.At);
        if (moment.Kind == NoticeKind.Escalation)
        {
            recorder.Telemetry.Escalated(request.Agent, "next_approvers");
        }
        var ids = await notices.OpenAsync(request, moment, approvers, cancellationToken);
        var key = string.Create(CultureInfo.InvariantCulture, $"approval/{request.Id}/{moment.Kind}/{moment.Index}");
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Approval, key, TitleOf(request, moment, approvers), moment.Kind.ToString().ToLowerInvariant(),
                new { request.Id, approvers, notices = ids }) with
            {
                Tool = request.Tool,
                StepId = input.StepId,
            },
            cancellationToken);
        return new AnnounceApprovalOutput(ids);
    }

    private static string TitleOf(ApprovalRequest request, ApprovalMoment moment, IReadOnlyList<string> approvers)
    {
        var who = approvers.Count == 0 ? "" : $": {string.Join(", ", approvers)}";
        return moment.Kind == NoticeKind.Escalation ? $"{request.Tool} is escalated{who}" : $"{request.Tool} still waits{who}";
    }
}
