using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Timers;

/// <summary>What has to happen though nobody asks. The platform runs each on one worker at a time.</summary>
public sealed class TimerFunctions(
    CurrentClient clients, ApprovalService approvals, OverdueReservations reservations, ILogger<TimerFunctions> logger)
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

    /// <summary>Ends reservations of money whose worker never came back.</summary>
    [Function("ExpireReservations")]
    public async Task ExpireReservationsAsync([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        var ended = await reservations.EndAsync(cancellationToken);
        if (ended.Ended > 0)
        {
            Log.ReservationsExpired(logger, ended.Ended, ended.InDoubt);
        }
    }
}
