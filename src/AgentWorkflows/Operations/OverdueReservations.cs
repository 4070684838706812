using AgentWorkflows.Costs;

namespace AgentWorkflows.Operations;

/// <param name="Ended">Reservations that nobody settled or released in time.</param>
/// <param name="InDoubt">Those of them that are charged, because their calls may have been made.</param>
internal sealed record EndedReservations(int Ended, int InDoubt);

/// <summary>Ends reservations whose process never came back. Safe to run in several places at once.</summary>
internal sealed class OverdueReservations(ICostLedger ledger, TimeProvider time)
{
    private const int AtOnce = 500;

    public async Task<EndedReservations> EndAsync(CancellationToken cancellationToken)
    {
        var total = new EndedReservations(0, 0);
        IReadOnlyList<LedgerEntry> ended;
        do
        {
            ended = await ledger.ExpireAsync(time.GetUtcNow(), AtOnce, cancellationToken);
            total = new EndedReservations(total.Ended + ended.Count, total.InDoubt + ended.Count(entry => entry.Status == LedgerEntryStatus.Settled));
        }
        while (ended.Count == AtOnce);
        return total;
    }
}
