using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Telemetry;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Operations;

internal sealed record DailyWorkOptions
{
    /// <summary>
    /// A round of retention ends about then and the next goes on, and a report is made within half of it: a platform may end whoever runs longer than it allows. What is under
    /// way is finished first, so that a round takes up to a minute more while storage answers slowly. Default 8 minutes, above 0.
    /// </summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(8);
}

/// <summary>
/// What is due once a day: the report of the day before, and forgetting what is old. A host calls it every few minutes; several hosts may.
/// Thread-safe.
/// </summary>
internal sealed class DailyWork(ReportDelivery reports, RetentionRun retention, DailyWorkOptions options, TimeProvider time, ILogger<DailyWork> logger)
{
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Longest / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await reports.RunDueAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Its claim ends by itself, and it is tried again then.
            Log.ReportCutOff(logger, options.Longest.TotalMinutes / 2);
        }
        await retention.RunDueAsync(cancellationToken);
    }
}
