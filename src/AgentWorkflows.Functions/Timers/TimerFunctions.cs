using System.Runtime.ExceptionServices;
using AgentWorkflows.Functions.Durable;
using AgentWorkflows.Operations;
using AgentWorkflows.Sessions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Timers;

/// <summary>
/// What has to happen though nobody asks. The platform runs each on one worker at a time. Two and no more, because the platform keeps a lease for each of them and bills each
/// run as a second at least; without a monitor, which would write a blob at each run so that a run that was missed is made up for: the next comes soon enough.
/// </summary>
public sealed class TimerFunctions(
    CurrentClient clients, ApprovalService approvals, OverdueReservations reservations, DailyWork daily, SessionWatch watch, ILogger<TimerFunctions> logger)
{
    /// <summary>
    /// Tells sessions about decisions that were recorded but not delivered, because the worker died between the two; ends reservations of money whose worker never came back;
    /// counts sessions that stand still and requests that wait, for metrics and the alerts on them. One that fails keeps none of the others from being done.
    /// </summary>
    [Function("Maintenance")]
    public async Task MaintainAsync(
        [TimerTrigger("0 * * * * *", UseMonitor = false)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        clients.Use(client);
        var failures = new List<Exception>();
        foreach (var job in (Func<CancellationToken, Task>[])[DeliverDecisionsAsync, ExpireReservationsAsync, watch.LookAsync])
        {
            try
            {
                await job(cancellationToken);
            }
#pragma warning disable CA1031 // The platform is told of it below, when the others are done.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failures.Add(exception);
            }
        }
        if (failures is [var only])
        {
            ExceptionDispatchInfo.Throw(only);
        }
        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    /// <summary>
    /// Sends the report of the day before and forgets what is old, each once a day: what a failed, interrupted or cut off run left is taken up by a later one.
    /// </summary>
    [Function("DailyWork")]
    public Task DoDailyWorkAsync(
        [TimerTrigger("30 */5 * * * *", UseMonitor = false)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        clients.Use(client);
        return daily.RunDueAsync(cancellationToken);
    }

    private async Task DeliverDecisionsAsync(CancellationToken cancellationToken)
    {
        var delivered = await approvals.DeliverPendingAsync(cancellationToken);
        if (delivered > 0)
        {
            Log.DecisionsDelivered(logger, delivered);
        }
    }

    private async Task ExpireReservationsAsync(CancellationToken cancellationToken)
    {
        var ended = await reservations.EndAsync(cancellationToken);
        if (ended.Ended > 0)
        {
            Log.ReservationsExpired(logger, ended.Ended, ended.InDoubt);
        }
    }
}
