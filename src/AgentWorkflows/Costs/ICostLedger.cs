using System.Runtime.CompilerServices;
using AgentWorkflows.Words;

namespace AgentWorkflows.Costs;

/// <summary>
/// Money, reserved before it is spent. All amounts are micro-USD integers, 0 to 2^53; any other throws <see cref="ArgumentOutOfRangeException"/>. Every call is idempotent
/// by entry id, and what it answers is durable. Under any concurrency no cap's total (settled plus reserved) ever exceeds its limit through a reservation. Thread-safe.
/// <para>The life of an entry: reserved → begun (its call is about to be made) → settled, or released. One that was begun may have been paid for; one that was not has
/// cost nothing. That is what <see cref="ExpireAsync"/> goes by when the process that reserved never comes back. The rules are <see cref="EntryRules"/>.</para>
/// </summary>
public interface ICostLedger
{
    /// <summary>
    /// Reserves <paramref name="worstCaseMicros"/> against every cap, all or none. The same entry again answers <see cref="ReserveOutcome.Reserved"/> with
    /// <c>AlreadyReserved</c> set (its call may have been made and its answer lost) or <see cref="ReserveOutcome.AlreadySettled"/>, whatever the caps are now.
    /// A released entry is reserved afresh, with the amount, caps and time of now, because nothing was spent on it; it keeps its place in <see cref="ListAsync"/>.
    /// Refused: the first cap without room, in the order given; nothing changed, except that overdue reservations may have been expired to make room.
    /// </summary>
    Task<ReserveOutcome> ReserveAsync(CostEntry entry, Micros worstCaseMicros, IReadOnlyList<CostCap> caps, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that the entry's call is about to be made. Exactly one caller is answered <see cref="BeginOutcome.Begun"/>, and only that one may make the call.
    /// </summary>
    Task<BeginOutcome> BeginAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// <see cref="ReserveAsync"/> and, where that leaves the entry reserved and not begun, <see cref="BeginAsync"/>: what a call does that is made at once. A store that can
    /// writes both in one transaction; this does one after the other.
    /// </summary>
    /// <returns>As <see cref="ReserveAsync"/>, and how the beginning came out; <c>null</c> where there was none.</returns>
    async Task<(ReserveOutcome Reserved, BeginOutcome? Begun)> ReserveAndBeginAsync(
        CostEntry entry, Micros worstCaseMicros, IReadOnlyList<CostCap> caps, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outcome = await ReserveAsync(entry, worstCaseMicros, caps, now, cancellationToken);
        return outcome is ReserveOutcome.Reserved { AlreadyBegun: false } ? (outcome, await BeginAsync(entry.Id, now, cancellationToken)) : (outcome, null);
    }

    /// <summary>
    /// Replaces the reservation by what the call really cost. Settling again with the same amount changes nothing; a settlement above the reservation, or of a released
    /// entry, is recorded in full, because the provider has billed it. What was charged as in doubt is replaced by the real amount once that is known; a doubt about
    /// an entry whose real cost is known changes nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such entry, or it is settled at another amount that is not in doubt; nothing changed.</exception>
    Task SettleAsync(string entryId, CostActual actual, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives the reservation back: nothing was spent. Does nothing when the entry is settled or released already.</summary>
    Task ReleaseAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Ends reservations whose time is over, oldest first, at most <paramref name="limit"/> (1 to 1,000): what was begun is charged at its reservation as in doubt, what
    /// was not is released; both are marked <see cref="LedgerEntry.Expired"/>. Answers them as they are now. Also finishes what a crash left half done.
    /// </summary>
    Task<IReadOnlyList<LedgerEntry>> ExpireAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Forgets settled and released entries reserved before <paramref name="before"/>, oldest first, at most <paramref name="limit"/> (1 to 1,000), and totals of days, months and
    /// hours that were over then, and of sessions without entries. No total that still counts changes. The caller keeps <paramref name="before"/> older than any session that may
    /// go on: a forgotten entry would be reserved again. Answers how many entries were forgotten; fewer than the limit: all.
    /// </summary>
    Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Entries reserved from <paramref name="from"/> until before <paramref name="to"/>, for reports and rates; in no particular order. A caller that stops early costs no more than
    /// what it has read.
    /// </summary>
    IAsyncEnumerable<LedgerEntry> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>The session's entries, in the order in which they were first reserved.</summary>
    Task<IReadOnlyList<LedgerEntry>> ListAsync(string sessionId, CancellationToken cancellationToken);
}

/// <summary>Identifies one priced call. <paramref name="Id"/> is <c>{instance}/{turn}/{purpose}</c>, from history.</summary>
public sealed record CostEntry(string Id, string SessionId, int Turn, CostKind Kind, string Subject)
{
    private const long MaxMicros = 1L << 53;

    public required string Agent { get; init; }

    public required string UserId { get; init; }

    public string TaskType { get; init; } = "";

    /// <summary>What for: plan, answer, …, or the tool's step id.</summary>
    public required string Purpose { get; init; }

    /// <summary>For implementations of <see cref="ICostLedger"/>: throws unless an amount is 0 to 2^53 micro-USD.</summary>
    public static void RequireAmount(Micros micros, [CallerArgumentExpression(nameof(micros))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(micros.Value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(micros.Value, MaxMicros, name);
    }
}

/// <summary>What an entry pays for.</summary>
public enum CostKind
{
    Model,
    Tool,
}

/// <summary>A limit and the scope whose total it bounds, such as <c>session:ID</c> or <c>user-day:ID:2026-11-20</c> (UTC).</summary>
public sealed record CostCap(string Scope, Micros LimitMicros);

/// <summary>What a call really cost.</summary>
public sealed record CostActual(Micros CostMicros)
{
    public int InputTokens { get; init; }

    public int CachedInputTokens { get; init; }

    public int OutputTokens { get; init; }

    public string? PriceSheetVersion { get; init; }

    /// <summary>The prices of then; <c>null</c> for tools, which cost the same each time.</summary>
    public UnitPrices? Prices { get; init; }

    /// <summary>The call may have been paid for but its answer was lost; it is charged at its reservation.</summary>
    public bool InDoubt { get; init; }

    /// <summary>For people: which counts of the provider were more than the call can have had, and what is charged instead; <c>null</c>: none.</summary>
    public string? Disbelieved { get; init; }
}

/// <summary>Micro-USD per million tokens, and per call.</summary>
public sealed record UnitPrices(Micros Input, Micros CachedInput, Micros Output, Micros PerCall);

/// <summary>Whether the call that an entry pays for may be made.</summary>
public enum BeginOutcome
{
    Begun,

    /// <summary>Somebody began it before: its call may have been made.</summary>
    AlreadyBegun,

    /// <summary>It expired, was released or is settled; or there is no such entry.</summary>
    NotReserved,
}

/// <summary>What became of a reservation.</summary>
public abstract record ReserveOutcome
{
    /// <param name="ReservedMicros">The amount held; for an entry reserved before, the amount of then.</param>
    public sealed record Reserved(Micros ReservedMicros, bool AlreadyReserved) : ReserveOutcome
    {
        /// <summary>Its call may have been made.</summary>
        public bool AlreadyBegun { get; init; }
    }

    /// <summary>Its call was made and paid for.</summary>
    public sealed record AlreadySettled(LedgerEntry Entry) : ReserveOutcome;

    /// <param name="UsedMicros">Settled and reserved in that scope before this call.</param>
    public sealed record Refused(string Scope, Micros UsedMicros, Micros AskedMicros, Micros LimitMicros) : ReserveOutcome;
}

/// <summary>An entry as the ledger has it: what was reserved, and what it came to.</summary>
public sealed record LedgerEntry
{
    public required CostEntry Entry { get; init; }

    public required LedgerEntryStatus Status { get; init; }

    public required Micros ReservedMicros { get; init; }

    /// <summary>Zero until settled.</summary>
    public required Micros CostMicros { get; init; }

    public CostActual? Actual { get; init; }

    public required DateTimeOffset ReservedAt { get; init; }

    /// <summary>When <see cref="ICostLedger.ExpireAsync"/> may end the reservation.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When its call was about to be made; <c>null</c>: it never was.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>When it was settled or released.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Nobody settled or released it in time.</summary>
    public bool Expired { get; init; }
}

/// <summary>How an entry stands.</summary>
public enum LedgerEntryStatus
{
    Reserved,
    Settled,
    Released,
}
