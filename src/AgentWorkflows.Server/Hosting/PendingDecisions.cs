using AgentWorkflows.Approvals;

namespace AgentWorkflows.Server.Hosting;

/// <summary>
/// Tells sessions about decisions that were recorded but not delivered: after a crash between the two, or made by another process on the same
/// stores. At start and every 30 s until disposed. Owns its loop.
/// </summary>
internal sealed class PendingDecisions(ApprovalService approvals, TimeProvider time, ILogger<PendingDecisions> logger) : IAsyncDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(() => LoopAsync(_stop.Token), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await DeliverAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops; the next one delivers the rest.
        }
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        try
        {
            var delivered = await approvals.DeliverPendingAsync(cancellationToken);
            if (delivered > 0)
            {
                Log.DecisionsDelivered(logger, delivered);
            }
        }
#pragma warning disable CA1031 // One failed round must not end the loop: the decisions are kept and the next round tries again.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.DeliveryFailed(logger, exception);
        }
    }
}
