using AgentWorkflows.Costs;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Ends reservations whose process never came back: at start and every minute until disposed. Owns its loop.</summary>
internal sealed class OverdueReservations(ICostLedger ledger, TimeProvider time, ILogger<OverdueReservations> logger) : IAsyncDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const int AtOnce = 500;

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
                await ExpireAsync(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops; the next one ends what is overdue then.
        }
    }

    private async Task ExpireAsync(CancellationToken cancellationToken)
    {
        try
        {
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
#pragma warning disable CA1031 // One failed round must not end the loop: what is overdue stays overdue until the next.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.ExpiryFailed(logger, exception);
        }
    }
}
