using AgentWorkflows.Durability;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Approvals;

/// <param name="DeadlinePassed">True when the durable timer fired first.</param>
/// <param name="ExpiresAt">The deadline, for the record of the timeout.</param>
public sealed record CloseApprovalInput(StepContext Step, string ApprovalId, string StepId, bool DeadlinePassed, DateTimeOffset ExpiresAt);

/// <summary>How a request ended; <see cref="ApprovalStatus.Pending"/> when the wake-up was not about a decision.</summary>
public sealed record ClosedApproval(ApprovalStatus Status, string Approver, string? Reason);

/// <summary>
/// Asks the store, the arbiter, how a request ended. The event that wakes a session carries no decision: nobody who can raise an event can approve.
/// When the deadline and a decision race, whichever the store recorded first wins.
/// </summary>
internal sealed class CloseApprovalActivity(ISessionStore store, IApprovalStore approvals, StepRecorder recorder)
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
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Approval, $"approval/{request.Id}/decided", TitleOf(request, decision), request.Status.ToString(),
                new { request.Id, request.Tool, decision.Approver, decision.Reason, decision.Arguments, decision.DecidedAt }) with
            {
                Tool = request.Tool,
                StepId = input.StepId,
                Duration = decision.DecidedAt - request.RequestedAt,
            },
            cancellationToken);
        return new ClosedApproval(request.Status, decision.Approver, decision.Reason);
    }

    private async Task<ApprovalRequest> ExpireAsync(ApprovalRequest request, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var decision = ApprovalStoreExtensions.SystemDecision(request, ApprovalStatus.Expired, "Nobody decided in time.", expiresAt);
        return await approvals.DecideAsync(request.Id, decision, cancellationToken) switch
        {
            DecideOutcome.Decided decided => decided.Request,
            DecideOutcome.AlreadyDecided already => already.Request,
            var other => throw new DurableException("ApprovalNotClosed", $"Request {request.Id} could not be closed: {other.GetType().Name}.", isNonRetryable: false),
        };
    }

    private static string TitleOf(ApprovalRequest request, ApprovalDecision decision) => request.Status switch
    {
        ApprovalStatus.Approved => $"{decision.Approver} approved {request.Tool}",
        ApprovalStatus.Edited => $"{decision.Approver} approved {request.Tool} with other arguments",
        ApprovalStatus.Rejected => $"{decision.Approver} rejected {request.Tool}",
        ApprovalStatus.Expired => $"Nobody decided on {request.Tool} in time",
        _ => $"The request for {request.Tool} was withdrawn",
    };
}
