using AgentWorkflows.Words;

namespace AgentWorkflows.Costs;

/// <param name="DeltaMicros">What the change adds to the total of every scope of the entry.</param>
public sealed record EntryChange(LedgerEntry Entry, Micros DeltaMicros);

/// <summary>
/// How one entry may change, for implementations of <see cref="ICostLedger"/>. Pure. <c>null</c>: nothing changes. In every state an entry counts in its scopes with
/// <see cref="CountsFor"/>, so that a scope's total is the sum over its entries.
/// </summary>
public static class EntryRules
{
    /// <summary>How long a reservation is kept for a process that does not come back: longer than any call may take.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public static Micros CountsFor(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Status switch
        {
            LedgerEntryStatus.Reserved => entry.ReservedMicros,
            LedgerEntryStatus.Settled => entry.CostMicros,
            _ => Micros.Zero,
        };
    }

    public static LedgerEntry Reserved(CostEntry entry, Micros worstCaseMicros, DateTimeOffset now) => new()
    {
        Entry = entry,
        Status = LedgerEntryStatus.Reserved,
        ReservedMicros = worstCaseMicros,
        CostMicros = 0,
        ReservedAt = now,
        ExpiresAt = now + Lifetime,
    };

    /// <summary>What a reservation of an entry that is known answers; <c>null</c>: reserve it.</summary>
    public static ReserveOutcome? Answer(LedgerEntry? known) => known switch
    {
        { Status: LedgerEntryStatus.Reserved } => new ReserveOutcome.Reserved(known.ReservedMicros, AlreadyReserved: true) { AlreadyBegun = known.BegunAt is not null },
        { Status: LedgerEntryStatus.Settled } => new ReserveOutcome.AlreadySettled(known),
        _ => null,
    };

    public static EntryChange? Begin(LedgerEntry entry, DateTimeOffset now) =>
        CanBegin(entry) == BeginOutcome.Begun ? new EntryChange(entry with { BegunAt = now }, 0) : null;

    public static BeginOutcome CanBegin(LedgerEntry? entry) => entry switch
    {
        { Status: LedgerEntryStatus.Reserved, BegunAt: null } => BeginOutcome.Begun,
        { Status: LedgerEntryStatus.Reserved } => BeginOutcome.AlreadyBegun,
        _ => BeginOutcome.NotReserved,
    };

    /// <exception cref="InvalidOperationException">It is settled at another amount.</exception>
    public static EntryChange? Settle(LedgerEntry entry, CostActual actual, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(actual);
        var doubted = entry is { Status: LedgerEntryStatus.Settled, Actual.InDoubt: true };
        if (entry.Status == LedgerEntryStatus.Settled && !(doubted && !actual.InDoubt))
        {
            return actual.InDoubt || entry.CostMicros == actual.CostMicros
                ? null
                : throw new InvalidOperationException(
                    $"Cost entry '{entry.Entry.Id}' is settled at {entry.CostMicros} micro-USD; it cannot be settled at {actual.CostMicros}.");
        }
        return Change(entry, entry with { Status = LedgerEntryStatus.Settled, CostMicros = actual.CostMicros, Actual = actual, SettledAt = now });
    }

    public static EntryChange? Release(LedgerEntry entry, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Status == LedgerEntryStatus.Reserved
            ? Change(entry, entry with { Status = LedgerEntryStatus.Released, SettledAt = now })
            : null;
    }

    public static EntryChange? Expire(LedgerEntry entry, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Status != LedgerEntryStatus.Reserved || entry.ExpiresAt > now)
        {
            return null;
        }
        var change = entry.BegunAt is null ? Release(entry, now) : Settle(entry, new CostActual(entry.ReservedMicros) { InDoubt = true }, now);
        return change! with { Entry = change.Entry with { Expired = true } };
    }

    public static Exception Unknown(string entryId) => new InvalidOperationException($"There is no cost entry '{entryId}' to settle; reserve first.");

    private static EntryChange Change(LedgerEntry from, LedgerEntry to) => new(to, CountsFor(to) - CountsFor(from));
}
