using AgentWorkflows.Durability;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Approvals;

/// <summary>Decides approvals and tells the session. Thread-safe.</summary>
public sealed class ApprovalService(IApprovalStore approvals, ISessionStore sessions, IOrchestrationClient orchestrations, TimeProvider time)
{
    public Task<DecideResult> DecideAsync(string approvalId, DecideRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{approvals}{sessions}{orchestrations}{time}");

    /// <summary>Tells sessions about decisions a crash kept from them; called at start and on a timer. Answers how many.</summary>
    public Task<int> DeliverPendingAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
