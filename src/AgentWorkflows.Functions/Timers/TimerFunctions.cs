using AgentWorkflows.Functions.Durable;
using AgentWorkflows.Operations;
using AgentWorkflows.Sessions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Timers;

/// <summary>What has to happen though nobody asks. The platform runs each on one worker at a time.</summary>
public sealed class TimerFunctions(
    CurrentClient clients, ApprovalService approvals, OverdueReservations reservations, DailyWork daily, SessionWatch watch, ILogger<TimerFunctions> logger)
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

    /// <summary>Counts sessions that stand still and requests that wait, for metrics and the alerts on them.</summary>
    [Function("LookForStuckSessions")]
    public Task LookForStuckSessionsAsync([TimerTrigger("45 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) => watch.LookAsync(cancellationToken);

    /// <summary>Sends the report of the day before and forgets what is old, each once a day: what a failed or interrupted run left is taken up five minutes later.</summary>
    [Function("DailyWork")]
    public Task DoDailyWorkAsync(
        [TimerTrigger("30 */5 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        clients.Use(client);
        return daily.RunDueAsync(cancellationToken);
    }
}
