using AgentWorkflows.Approvals;
using AgentWorkflows.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Timers;

/// <summary>What has to happen though nobody asks. The platform runs each on one worker at a time.</summary>
public sealed class TimerFunctions(CurrentClient clients, ApprovalService approvals, ILogger<TimerFunctions> logger)
{
    /// <summary>Tells sessions about decisions that were recorded but not delivered, because the worker died between the two.</summary>
    [Function("DeliverDecisions")]
    public async Task DeliverDecisionsAsync(
        [TimerTrigger("*/30 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        clients.Use(client);
        var delivered = await approvals.DeliverPendingAsync(cancellationToken);
        if (delivered > 0)
        {
            Log.DecisionsDelivered(logger, delivered);
        }
    }
}
