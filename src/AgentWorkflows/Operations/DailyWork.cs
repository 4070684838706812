using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;

namespace AgentWorkflows.Operations;

/// <summary>
/// What is due once a day: the report of the day before, and forgetting what is old. A host calls it every few minutes; several hosts may.
/// Thread-safe.
/// </summary>
public sealed class DailyWork(ReportDelivery reports, RetentionRun retention)
{
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        await reports.RunDueAsync(cancellationToken);
        await retention.RunDueAsync(cancellationToken);
    }
}
