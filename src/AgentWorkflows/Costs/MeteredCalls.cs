using AgentWorkflows.Durability;
using AgentWorkflows.Words;

namespace AgentWorkflows.Costs;

/// <summary>The outcome of asking for money before a call.</summary>
internal abstract record Hold
{
    /// <param name="InDoubtMicros">Charged for earlier attempts of this call whose answers were lost in a crash.</param>
    /// <param name="CutOff">An earlier attempt of this call may have taken effect.</param>
    public sealed record Granted(string EntryId, Micros HeldMicros, Micros InDoubtMicros, bool CutOff) : Hold;

    /// <param name="InDoubtMicros">As in <see cref="Granted"/>: charged, although this attempt is not made.</param>
    /// <param name="CutOff">An earlier attempt of this call may have taken effect.</param>
    public sealed record Refused(ReserveOutcome.Refused Cap, Micros InDoubtMicros, bool CutOff) : Hold;
}

/// <summary>
/// Reserve, begin, call, keep the answer, settle: in this order, so that a crash anywhere leaves either nothing, or a reservation that the step takes up again, or one
/// that was begun and is charged as in doubt when the step runs again, or the kept answer, which names its entry so that the step that finds it settles it.
/// Each repetition of a call that was begun gets an entry of its own (<c>…#2</c>, <c>…#3</c>).
/// </summary>
internal sealed class MeteredCalls(ICostLedger ledger, TimeProvider time)
{
    private const int MaxRepetitions = 100;

    /// <summary>When it answers <see cref="Hold.Granted"/>, the call may be made, once, by this caller.</summary>
    public async Task<Hold> HoldAsync(CostEntry entry, Micros worstCaseMicros, IReadOnlyList<CostCap> caps, CancellationToken cancellationToken)
    {
        var inDoubt = Micros.Zero;
        for (var repetition = 1; repetition <= MaxRepetitions; repetition++)
        {
            var own = repetition == 1 ? entry : entry with { Id = $"{entry.Id}#{repetition}" };
            switch (await ReserveAndBeginAsync(own, worstCaseMicros, caps, cancellationToken))
            {
                case ReserveOutcome.Reserved { AlreadyBegun: false } held:
                    return new Hold.Granted(own.Id, held.ReservedMicros, inDoubt, CutOff: repetition > 1);
                case ReserveOutcome.Reserved lost:
                    await ledger.SettleAsync(own.Id, new CostActual(lost.ReservedMicros) { InDoubt = true }, time.GetUtcNow(), cancellationToken);
                    inDoubt += lost.ReservedMicros;
                    break;
                case ReserveOutcome.AlreadySettled settled:
                    inDoubt += settled.Entry.CostMicros;
                    break;
                case ReserveOutcome.Refused refused:
                    return new Hold.Refused(refused, inDoubt, CutOff: repetition > 1);
            }
        }
        throw new DurableException(
            "LedgerRepetitions", $"Call '{entry.Id}' was cut off {MaxRepetitions} times; it is not made again.", isNonRetryable: true);
    }

    public Task SettleAsync(string entryId, CostActual actual, CancellationToken cancellationToken) =>
        ledger.SettleAsync(entryId, actual, time.GetUtcNow(), cancellationToken);

    public Task ReleaseAsync(string entryId, CancellationToken cancellationToken) =>
        ledger.ReleaseAsync(entryId, time.GetUtcNow(), cancellationToken);

    private async Task<ReserveOutcome> ReserveAndBeginAsync(
        CostEntry entry, Micros worstCaseMicros, IReadOnlyList<CostCap> caps, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (outcome, begun) = await ledger.ReserveAndBeginAsync(entry, worstCaseMicros, caps, time.GetUtcNow(), cancellationToken);
            switch (begun)
            {
                case null or BeginOutcome.Begun:
                    return outcome;
                case BeginOutcome.AlreadyBegun:
                    return (ReserveOutcome.Reserved)outcome with { AlreadyBegun = true };
                case BeginOutcome.NotReserved:
                    // It expired, or its other worker ended it, between the two.
                    break;
            }
        }
    }
}
