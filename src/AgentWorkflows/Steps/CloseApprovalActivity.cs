using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Steps;

/// <param name="DeadlinePassed">True when the durable timer fired first.</param>
/// <param name="ExpiresAt">The deadline, for the record of the timeout.</param>
internal sealed record CloseApprovalInput(StepContext Step, string ApprovalId, string StepId, bool DeadlinePassed, DateTimeOffset ExpiresAt);

/// <summary>How a request ended; <see cref="ApprovalStatus.Pending"/> when the wake-up was not about a decision.</summary>
internal sealed record ClosedApproval(ApprovalStatus Status, string Approver, string? Reason)
{
    /// <summary>For <see cref="ApprovalStatus.Expired"/>: the policy ends the session.</summary>
    public bool Halts { get; init; }
}

/// <summary>
/// Asks the store, the arbiter, how a request ended. The event that wakes a session carries no decision: nobody who can raise an event can approve.
/// When the deadline and a decision race, whichever the store recorded first wins.
/// </summary>
internal sealed class CloseApprovalActivity(ISessionStore store, IApprovalStore approvals, StepReader reader, StepRecorder recorder)
    : IActivity<CloseApprovalInput, ClosedApproval>
{
    public async Task<ClosedApproval> RunAsync(IActivityContext context, CloseApprovalInput input, CancellationToken cancellationToken)
    {
        var request = await approvals.GetAsync(input.ApprovalId, cancellationToken)
            ?? throw new DurableException("MissingApproval", $"The approval store has no request {input.ApprovalId}.", isNonRetryable: true);
        if (input.DeadlinePassed && request.Status == ApprovalStatus.Pending)
        {
            request = await ExpireAsync(request, input.ExpiresAt, cancellationToken);
        }
        if (request is not { Status: not ApprovalStatus.Pending, Decision: { } decision })
        {
            return new ClosedApproval(ApprovalStatus.Pending, "", null);
        }
        if (request.Status == ApprovalStatus.Edited && decision.Arguments is { } arguments)
        {
            await store.PutDocumentAsync(Documents.EditedArguments(input.Step, input.StepId), arguments, cancellationToken);
        }
        await approvals.MarkDeliveredAsync(request.Id, cancellationToken);
        var call = await reader.ResolveAsync(input.Step, input.StepId, cancellationToken);
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Approval, $"approval/{request.Id}/decided", TitleOf(request, decision), request.Status.ToString(),
                new
                {
                    request.Id,
                    request.Tool,
                    decision.Approver,
                    decision.Via,
                    decision.Reason,
                    arguments = LoggedFields.Of(call.Contract.LogFields, decision.Arguments),
                    decision.DecidedAt,
                    votes = VotesOf(request),
                }) with
            {
                Tool = request.Tool,
                StepId = input.StepId,
                Duration = decision.DecidedAt - request.RequestedAt,
            },
            cancellationToken);
        await RetireNoticesAsync(request, cancellationToken);
        return new ClosedApproval(request.Status, decision.Approver, decision.Reason)
        {
            Halts = request is { Status: ApprovalStatus.Expired, OnTimeout: TimeoutMeaning.Halt },
        };
    }

    /// <summary>What has not got through by now need not any more.</summary>
    private async Task RetireNoticesAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        var open = request.Notices.Where(notice => notice.Status is NoticeStatus.Pending or NoticeStatus.Failing).ToList();
        if (open.Count > 0)
        {
            await approvals.PutNoticesAsync(request.Id, [.. open.Select(notice => notice with { Status = NoticeStatus.Unneeded })], cancellationToken);
        }
    }

    private async Task<ApprovalRequest> ExpireAsync(ApprovalRequest request, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var decision = request.OnTimeout == TimeoutMeaning.Approve
            ? ApprovalStoreExtensions.SystemDecision(request, ApprovalStatus.Approved, "Nobody decided in time, and the agent's policy lets the call run then.", expiresAt)
            : ApprovalStoreExtensions.SystemDecision(request, ApprovalStatus.Expired, "Nobody decided in time.", expiresAt);
        return await approvals.DecideAsync(request.Id, decision, cancellationToken) switch
        {
            DecideOutcome.Decided decided => Expired(decided.Request, decision),
            DecideOutcome.AlreadyDecided already => already.Request,
            var other => throw new DurableException("ApprovalNotClosed", $"Request {request.Id} could not be closed: {other.GetType().Name}.", isNonRetryable: false),
        };
    }

    private ApprovalRequest Expired(ApprovalRequest request, ApprovalDecision decision)
    {
        recorder.Telemetry.ApprovalClosed(request, decision);
        return request;
    }

    private static IReadOnlyList<string>? VotesOf(ApprovalRequest request) =>
        request.Votes.Count > 0 ? [.. request.Votes.Select(vote => vote.Approver)] : null;

    private static string TitleOf(ApprovalRequest request, ApprovalDecision decision) => request.Status switch
    {
        _ when Deadline.Decided(request) => $"Nobody decided on {request.Tool} in time; {Deadline.Means(request)}",
        ApprovalStatus.Approved when request.Votes.Count > 0 => $"{string.Join(" and ", VotesOf(request)!)} approved {request.Tool}",
        ApprovalStatus.Approved => $"{decision.Approver} approved {request.Tool}",
        ApprovalStatus.Edited => $"{decision.Approver} approved {request.Tool} with other arguments",
        ApprovalStatus.Rejected => $"{decision.Approver} rejected {request.Tool}",
        _ => $"The request for {request.Tool} was withdrawn",
    };
}
