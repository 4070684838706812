using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Workflow;

namespace AgentWorkflows.Sessions;

/// <summary>Tells a waiting session that its request has been decided. Repeating it does no harm; thread-safe.</summary>
internal interface IDecisionDelivery
{
    /// <returns>True when the session was told now.</returns>
    Task<bool> DeliverAsync(UndeliveredDecision decision, CancellationToken cancellationToken);
}

/// <summary>
/// Raises the event the session waits for. A session that has ended needs none; one that is suspended and was told already keeps what it was told.
/// </summary>
internal sealed class EngineDelivery(IOrchestrationClient orchestrations, IApprovalStore approvals, TimeProvider time) : IDecisionDelivery
{
    public async Task<bool> DeliverAsync(UndeliveredDecision decision, CancellationToken cancellationToken)
    {
        var request = decision.Request;
        if (decision.Times > 0
            && await orchestrations.GetInstanceAsync(request.InstanceId, false, cancellationToken) is { Status: OrchestrationStatus.Suspended })
        {
            await approvals.PutOffDeliveryAsync(request.Id, DeliverySchedule.PutOff(decision.Times, time.GetUtcNow()), cancellationToken);
            return false;
        }
        // Noted first: what is on its way is not sent again beside it, and one session that cannot be told does not hold up the others.
        await approvals.PutOffDeliveryAsync(request.Id, DeliverySchedule.Tell(decision.Times, time.GetUtcNow()), cancellationToken);
        var raised = await orchestrations.RaiseEventAsync(
            request.InstanceId, ApprovalSignal.EventName(request.Id), new ApprovalSignal(request.Id), cancellationToken);
        if (raised is CommandOutcome.NotFound or CommandOutcome.AlreadyFinished)
        {
            await approvals.MarkDeliveredAsync(request.Id, cancellationToken);
        }
        return true;
    }
}
