using AgentWorkflows.Approvals;

namespace AgentWorkflows.Testing;

/// <summary>An approval store that crashes its caller before or after a write.</summary>
public sealed class CrashingApprovalStore(IApprovalStore inner, CrashPoints points) : IApprovalStore
{
    public Task<ApprovalRequest> CreateAsync(ApprovalRequest request, CancellationToken cancellationToken) =>
        points.AroundAsync("request", () => inner.CreateAsync(request, cancellationToken));

    public Task<ApprovalRequest?> GetAsync(string approvalId, CancellationToken cancellationToken) => inner.GetAsync(approvalId, cancellationToken);

    public Task<IReadOnlyList<ApprovalRequest>> ListAsync(ApprovalQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public Task<DecideOutcome> DecideAsync(string approvalId, ApprovalDecision decision, CancellationToken cancellationToken) =>
        points.AroundAsync("decision", () => inner.DecideAsync(approvalId, decision, cancellationToken));

    public Task<ApprovalRequest?> PutNoticesAsync(string approvalId, IReadOnlyList<ApprovalNotice> notices, CancellationToken cancellationToken) =>
        points.AroundAsync("notices", () => inner.PutNoticesAsync(approvalId, notices, cancellationToken));

    public Task<IReadOnlyList<UndeliveredDecision>> ListUndeliveredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        inner.ListUndeliveredAsync(now, limit, cancellationToken);

    public Task PutOffDeliveryAsync(string approvalId, DecisionTold told, CancellationToken cancellationToken) =>
        points.AroundAsync("told", () => inner.PutOffDeliveryAsync(approvalId, told, cancellationToken));

    public Task MarkDeliveredAsync(string approvalId, CancellationToken cancellationToken) =>
        points.AroundAsync("delivered", () => inner.MarkDeliveredAsync(approvalId, cancellationToken));
}
