using AgentWorkflows.Operations;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Hosting;

/// <summary>The repeating tasks of a running product.</summary>
internal static class Maintenance
{
    internal static readonly TimeSpan DeliveryInterval = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan ExpiryInterval = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan DailyInterval = TimeSpan.FromMinutes(5);
    internal static readonly TimeSpan WatchInterval = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<RepeatingTask> Start(IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger(typeof(Maintenance).FullName!);
        var approvals = services.GetRequiredService<ApprovalService>();
        var reservations = services.GetRequiredService<OverdueReservations>();
        var terminations = services.GetRequiredService<SessionTermination>();
        var daily = services.GetRequiredService<DailyWork>();
        var watch = services.GetRequiredService<SessionWatch>();
        return
        [
            RepeatingTask.Start("Delivering pending decisions", DeliveryInterval, cancellationToken => DeliverAsync(approvals, logger, cancellationToken), time, logger),
            RepeatingTask.Start("Ending sessions", DeliveryInterval, terminations.FinishOpenAsync, time, logger),
            RepeatingTask.Start("Ending overdue reservations", ExpiryInterval, cancellationToken => ExpireAsync(reservations, logger, cancellationToken), time, logger),
            RepeatingTask.Start("Looking for stuck sessions", WatchInterval, watch.LookAsync, time, logger),
            // Not at once: a program that runs one session, or was started by mistake, does not begin with forgetting.
            RepeatingTask.Start("The day's report and retention", DailyInterval, daily.RunDueAsync, time, logger, atOnce: false),
        ];
    }

    /// <summary>Of decisions that were recorded but not delivered: after a crash between the two, or made by another process on the same stores.</summary>
    private static async Task DeliverAsync(ApprovalService approvals, ILogger logger, CancellationToken cancellationToken)
    {
        var delivered = await approvals.DeliverPendingAsync(cancellationToken);
        if (delivered > 0)
        {
            Log.DecisionsDelivered(logger, delivered);
        }
    }

    private static async Task ExpireAsync(OverdueReservations reservations, ILogger logger, CancellationToken cancellationToken)
    {
        var ended = await reservations.EndAsync(cancellationToken);
        if (ended.Ended > 0)
        {
            Log.ReservationsExpired(logger, ended.Ended, ended.InDoubt);
        }
    }
}
