using AgentWorkflows.Operations;
using AgentWorkflows.Sessions;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Hosting;

/// <summary>What has to happen though nobody asks. A round that fails is tried again at the next one.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Does">For the log, as in "Delivering pending decisions failed".</param>
internal sealed record MaintenanceJob(string Name, string Does, TimeSpan Interval, Func<CancellationToken, Task> RunAsync)
{
    /// <summary>False: the first round comes after the first interval.</summary>
    public bool AtOnce { get; init; } = true;
}

/// <summary>The one table of them, which every host runs: an embedded one by <see cref="MaintenanceLoop"/>, the Functions host by two timers.</summary>
internal sealed class MaintenanceJobs
{
    private readonly ILogger _logger;

    public MaintenanceJobs(
        ApprovalService approvals, SessionTermination terminations, StoreComparison comparison, OverdueReservations reservations, SessionWatch watch, DailyWork daily, ToolSources sources, ILogger<MaintenanceJobs> logger)
    {
        ArgumentNullException.ThrowIfNull(watch);
        ArgumentNullException.ThrowIfNull(daily);
        _logger = logger;
        All =
        [
            new("DeliverDecisions", "Delivering pending decisions", TimeSpan.FromSeconds(30), token => DeliverAsync(approvals, token)),
            new("FinishEndings", "Ending sessions", TimeSpan.FromSeconds(30), terminations.FinishOpenAsync),
            new("CompareStores", "Comparing engine and record", StoreComparison.Interval, comparison.RunDueAsync),
            new("ExpireReservations", "Ending overdue reservations", TimeSpan.FromMinutes(1), token => ExpireAsync(reservations, token)),
            new("LookForStuckSessions", "Looking for stuck sessions", TimeSpan.FromMinutes(1), watch.LookAsync),
            // Not at once: a host asks its sources before its first session.
            new("ConnectToolSources", "Connecting sources of tools", TimeSpan.FromSeconds(30), sources.ConnectAsync) { AtOnce = false },
            // Not at once: a program that runs one session, or was started by mistake, does not begin with forgetting.
            new("DailyWork", "The day's report and retention", TimeSpan.FromMinutes(5), daily.RunDueAsync) { AtOnce = false },
        ];
    }

    public IReadOnlyList<MaintenanceJob> All { get; }

    /// <summary>Of decisions that were recorded but not delivered: after a crash between the two, or made by another process on the same stores.</summary>
    private async Task DeliverAsync(ApprovalService approvals, CancellationToken cancellationToken)
    {
        var delivered = await approvals.DeliverPendingAsync(cancellationToken);
        if (delivered > 0)
        {
            Log.DecisionsDelivered(_logger, delivered);
        }
    }

    /// <summary>Of reservations of money whose owner never came back.</summary>
    private async Task ExpireAsync(OverdueReservations reservations, CancellationToken cancellationToken)
    {
        var ended = await reservations.EndAsync(cancellationToken);
        if (ended.Ended > 0)
        {
            Log.ReservationsExpired(_logger, ended.Ended, ended.InDoubt);
        }
    }
}
