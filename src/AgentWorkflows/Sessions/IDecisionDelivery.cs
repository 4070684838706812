using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Workflow;

namespace AgentWorkflows.Sessions;

/// <summary>Tells a waiting session that its request has been decided. Repeating it does no harm; thread-safe.</summary>
public interface IDecisionDelivery
{
    Task DeliverAsync(ApprovalRequest request, CancellationToken cancellationToken);
}

/// <summary>Raises the event the session waits for. A session that has ended needs none.</summary>
internal sealed class EngineDelivery(IOrchestrationClient orchestrations, IApprovalStore approvals) : IDecisionDelivery
{
    public async Task DeliverAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        var raised = await orchestrations.RaiseEventAsync(
            request.InstanceId, ApprovalSignal.EventName(request.Id), new ApprovalSignal(request.Id), cancellationToken);
        if (raised is CommandOutcome.NotFound or CommandOutcome.AlreadyFinished)
        {
            await approvals.MarkDeliveredAsync(request.Id, cancellationToken);
        }
    }
}
