using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Timers;

/// <summary>What has to happen though nobody asks. The platform runs each on one worker at a time.</summary>
public sealed class TimerFunctions(
    CurrentClient clients, ApprovalService approvals, ICostLedger ledger, TimeProvider time, ILogger<TimerFunctions> logger)
{
    private const int AtOnce = 500;

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
        IReadOnlyList<LedgerEntry> ended;
        do
        {
            ended = await ledger.ExpireAsync(time.GetUtcNow(), AtOnce, cancellationToken);
            if (ended.Count > 0)
            {
                Log.ReservationsExpired(logger, ended.Count, ended.Count(entry => entry.Status == LedgerEntryStatus.Settled));
            }
        }
        while (ended.Count == AtOnce);
    }
}
