using AgentWorkflows.Approvals;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sessions;

/// <summary>Decides approvals and tells the session: the one way by which a person's decision comes in. Thread-safe.</summary>
public sealed class ApprovalService
{
    public const int MaxReasonLength = 2000;
    private const int DeliveryBatch = 200;

    private readonly IApprovalStore _approvals;
    private readonly DecideChecks _checks;
    private readonly ApprovalAudit _audit;
    private readonly IDecisionDelivery _delivery;
    private readonly TimeProvider _time;
    private readonly IdSource _ids;
    private readonly Instruments _telemetry;

    internal ApprovalService(
        IApprovalStore approvals, DecideChecks checks, ApprovalAudit audit, IDecisionDelivery delivery, TimeProvider time, IdSource ids,
        Instruments telemetry)
    {
        _approvals = approvals;
        _checks = checks;
        _audit = audit;
        _delivery = delivery;
        _time = time;
        _ids = ids;
        _telemetry = telemetry;
    }

    /// <summary>
    /// Records the decision, then wakes the session. If the process dies between the two, <see cref="DeliverPendingAsync"/> wakes it later: the session always
    /// learns the decision, and acts on it once.
    /// </summary>
    public async Task<DecideResult> DecideAsync(string approvalId, DecideRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await _approvals.GetAsync(approvalId, cancellationToken) is not { } approval)
        {
            return new DecideResult.Done(new DecideOutcome.NotFound());
        }
        var now = _time.GetUtcNow();
        if (await _checks.FindProblemsAsync(approval, request, now, cancellationToken) is [_, ..] problems)
        {
            return new DecideResult.Invalid(problems);
        }
        if (approval.Decision is null && await _checks.IsTooLateAsync(approval, cancellationToken))
        {
            await _approvals.WithdrawAllAsync(approval.SessionId, now, cancellationToken, approval.InstanceId);
            approval = await _approvals.GetAsync(approvalId, cancellationToken) ?? approval;
            return new DecideResult.Done(new DecideOutcome.AlreadyDecided(approval));
        }
        // Who comes late is told so, whoever they are.
        if (approval.Decision is null && now < approval.ExpiresAt
            && ApprovalRules.Check(approval, request.Approver, now) is not ApproverVerdict.May and var verdict)
        {
            return new DecideResult.Refused(approval, verdict);
        }
        var decision = DecisionOf(request, now);
        var outcome = await _approvals.DecideAsync(approvalId, decision, cancellationToken);
        switch (outcome)
        {
            case DecideOutcome.Decided decided:
                _telemetry.ApprovalClosed(decided.Request, decision);
                await _delivery.DeliverAsync(new UndeliveredDecision(decided.Request, 0), cancellationToken);
                break;
            case DecideOutcome.Counted counted:
                await _audit.VotedAsync(counted.Request, decision, cancellationToken);
                break;
        }
        return new DecideResult.Done(outcome);
    }

    /// <summary>Notes that a person has seen a request. Changes nothing about the request.</summary>
    public Task RecordViewAsync(ApprovalRequest approval, string approver, CancellationToken cancellationToken) =>
        _audit.ViewedAsync(approval, approver, cancellationToken);

    /// <summary>The contract of the tool a request is about, as the session knows it; <c>null</c> when the session is gone.</summary>
    public Task<ToolContract?> FindContractAsync(ApprovalRequest approval, CancellationToken cancellationToken) =>
        _checks.FindContractAsync(approval, cancellationToken);

    /// <summary>Tells sessions about decisions a crash kept from them, as <see cref="DeliverySchedule"/> says; called at start and on a timer. Answers how many.</summary>
    public async Task<int> DeliverPendingAsync(CancellationToken cancellationToken)
    {
        var told = 0;
        foreach (var undelivered in await _approvals.ListUndeliveredAsync(_time.GetUtcNow(), DeliveryBatch, cancellationToken))
        {
            told += await _delivery.DeliverAsync(undelivered, cancellationToken) ? 1 : 0;
        }
        return told;
    }

    private ApprovalDecision DecisionOf(DecideRequest request, DateTimeOffset now) => new()
    {
        DecisionId = _ids.NewDecisionId(),
        Status = request.Decision switch
        {
            DecisionKind.Approve => ApprovalStatus.Approved,
            DecisionKind.Reject => ApprovalStatus.Rejected,
            DecisionKind.Edit => ApprovalStatus.Edited,
            _ => throw new InvalidOperationException($"Unknown decision {request.Decision}."),
        },
        Approver = request.Approver.Trim(),
        Reason = request.Reason,
        Arguments = request.Arguments?.Clone(),
        ArgumentsHash = request.ArgumentsHash,
        DecidedAt = now,
        Via = request.Via,
    };
}
