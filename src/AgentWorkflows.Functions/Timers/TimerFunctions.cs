using System.Runtime.ExceptionServices;
using AgentWorkflows.Functions.Durable;
using AgentWorkflows.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AgentWorkflows.Functions.Timers;

/// <summary>
/// The maintenance jobs, by the platform's clock, which runs each timer on one worker at a time. Two timers and no more: the platform keeps a lease for each of them and
/// bills each run as a second at least. Without a monitor, which writes a blob at each run so that one that was missed is made up for: the next comes soon enough.
/// </summary>
internal sealed class TimerFunctions(CurrentClient clients, MaintenanceJobs jobs)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>What is due every minute or more often: decisions to be delivered, reservations that are overdue, sessions that stand still.</summary>
    [Function("Maintenance")]
    public Task MaintainAsync(
        [TimerTrigger("0 * * * * *", UseMonitor = false)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        clients.Use(client);
        return RunAsync(jobs.All.Where(job => job.Interval <= Minute), cancellationToken);
    }

    /// <summary>The rest: the report of the day before and forgetting what is old, each once a day; what a failed or interrupted run left, or had no time for, is taken up later.</summary>
    [Function("DailyWork")]
    public Task DoDailyWorkAsync(
        [TimerTrigger("30 */5 * * * *", UseMonitor = false)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        clients.Use(client);
        return RunAsync(jobs.All.Where(job => job.Interval > Minute), cancellationToken);
    }

    /// <summary>One that fails keeps none of the others from being done.</summary>
    private static async Task RunAsync(IEnumerable<MaintenanceJob> due, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        foreach (var job in due)
        {
            try
            {
                await job.RunAsync(cancellationToken);
            }
#pragma warning disable CA1031 // The platform is told below, when the others are done.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failures.Add(exception);
            }
        }
        switch (failures)
        {
            case []:
                break;
            case [var only]:
                ExceptionDispatchInfo.Throw(only);
                break;
            default:
                throw new AggregateException(failures);
        }
    }
}
