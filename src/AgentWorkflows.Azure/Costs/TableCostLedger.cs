using System.Runtime.CompilerServices;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Costs;
using AgentWorkflows.Words;

namespace AgentWorkflows.Azure.Costs;

/// <summary>
/// The ledger on Table Storage, for many processes. Each scope is a partition (hot ones several) with its total and a journal of the entries in it, changed together in one
/// transaction. A call falls under several scopes, which no transaction spans: so an entry's row says what is about to change before the first scope does, and
/// whoever meets it next, the caller or <see cref="ExpireAsync"/>, finishes or undoes it.
/// </summary>
internal sealed class TableCostLedger : ICostLedger
{
    private const int MaxAtOnce = 1000;

    private readonly EntryRows _rows;
    private readonly ScopeWriters _scopes;
    private readonly LedgerIndexes _indexes;
    private readonly EntryChanges _changes;
    private readonly LedgerPurge _purge;
    private readonly TableLedgerOptions _options;

    public TableCostLedger(StorageTables tables, TimeProvider time, TableLedgerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _options = options ?? new TableLedgerOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Shards, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.Shards, 16, nameof(options));
        _rows = new EntryRows(tables.Ledger);
        _scopes = new ScopeWriters(tables.Ledger);
        _indexes = new LedgerIndexes(tables.Ledger, time);
        _changes = new EntryChanges(_rows, _scopes, _indexes);
        _purge = new LedgerPurge(tables.Ledger, _indexes);
    }

    public async Task<ReserveOutcome> ReserveAsync(
        CostEntry entry, Micros worstCaseMicros, IReadOnlyList<CostCap> caps, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(caps);
        CostEntry.RequireAmount(worstCaseMicros);
        var nonce = Guid.CreateVersion7(now).ToString("N");
        var madeRoom = false;
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            var stored = await FindAsync(entry.Id, cancellationToken);
            if (EntryRules.Answer(stored?.Row.Entry) is { } answer)
            {
                return stored!.Row.ReservedBy == nonce ? new ReserveOutcome.Reserved(worstCaseMicros, AlreadyReserved: false) : answer;
            }
            var (parts, refused) = await PlaceAsync(entry.Id, worstCaseMicros, caps, cancellationToken);
            if (refused is not null)
            {
                if (madeRoom || (await ExpireAsync(now, MaxAtOnce, cancellationToken)).Count == 0)
                {
                    return refused;
                }
                madeRoom = true;
                continue;
            }
            await TryReserveAsync(stored, entry, worstCaseMicros, parts, nonce, now, cancellationToken);
        }
        throw Conflict.TooMany($"The reservation of '{entry.Id}'");
    }

    public async Task<BeginOutcome> BeginAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            var stored = await FindAsync(entryId, cancellationToken);
            if (stored?.Row.Entry is not { } entry || EntryRules.Begin(entry, now) is not { } begun)
            {
                return EntryRules.CanBegin(stored?.Row.Entry);
            }
            if (await _rows.TryWriteAsync(stored.Row with { Entry = begun.Entry }, stored.ETag, cancellationToken) is not null)
            {
                return BeginOutcome.Begun;
            }
        }
        throw Conflict.TooMany($"Beginning '{entryId}'");
    }

    public async Task SettleAsync(string entryId, CostActual actual, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actual);
        CostEntry.RequireAmount(actual.CostMicros);
        _ = await ChangeAsync(entryId, entry => EntryRules.Settle(entry, actual, now), cancellationToken) ?? throw EntryRules.Unknown(entryId);
    }

    public Task ReleaseAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(entryId, entry => EntryRules.Release(entry, now), cancellationToken);

    public async Task<IReadOnlyList<LedgerEntry>> ExpireAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxAtOnce);
        var expired = new List<LedgerEntry>();
        foreach (var (key, entryId) in await _indexes.OverdueAsync(now, limit, cancellationToken))
        {
            var ended = false;
            var changed = await ChangeAsync(entryId, entry =>
            {
                var change = EntryRules.Expire(entry, now);
                ended = change is not null;
                return change;
            }, cancellationToken);
            if (ended)
            {
                expired.Add(changed!);
            }
            // Whatever became of the entry, this row has nothing to say any more.
            await _indexes.RemoveDueAsync(entryId, key, cancellationToken);
        }
        return expired;
    }

    public async Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxAtOnce);
        var purged = 0;
        await foreach (var place in _indexes.OldestAsync(before, cancellationToken))
        {
            if (await FindAsync(place.EntryId, cancellationToken) is not { Row.Entry: { } entry } stored)
            {
                await _purge.RemoveAsync(place, cancellationToken);
            }
            else if (entry.Status != LedgerEntryStatus.Reserved && entry.ReservedAt < before)
            {
                await _purge.RemoveAsync(stored.Row, before, place, cancellationToken);
                purged++;
            }
            if (purged == limit)
            {
                break;
            }
        }
        return purged;
    }

    public async IAsyncEnumerable<LedgerEntry> ReadAsync(DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var ids in _indexes.ReadAsync(from, to, cancellationToken).Chunk(BoundedReads.AtOnce, cancellationToken))
        {
            foreach (var entry in await ReadAsync(ids, cancellationToken))
            {
                // A released entry that was reserved again has two places in time; the last one counts.
                if (entry.ReservedAt >= from && entry.ReservedAt < to && seen.Add(entry.Entry.Id))
                {
                    yield return entry;
                }
            }
        }
    }

    public async Task<IReadOnlyList<LedgerEntry>> ListAsync(string sessionId, CancellationToken cancellationToken) =>
        await ReadAsync(await _indexes.ListAsync(sessionId, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<LedgerEntry>> ReadAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var found = await BoundedReads.AllAsync<string, StoredEntryRow>(ids, FindAsync, cancellationToken);
        return [.. found.Select(stored => stored?.Row.Entry).OfType<LedgerEntry>()];
    }

    /// <summary>The entry, with nothing pending.</summary>
    private async Task<StoredEntryRow?> FindAsync(string entryId, CancellationToken cancellationToken) =>
        await _rows.FindAsync(entryId, cancellationToken) is { } stored ? await _changes.FinishAsync(stored, cancellationToken) : null;

    private async Task TryReserveAsync(
        StoredEntryRow? stored, CostEntry entry, Micros worstCase, IReadOnlyList<ScopePart> parts, string nonce, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var next = EntryRules.Reserved(entry, worstCase, now);
        var row = stored?.Row ?? new EntryRow(entry.Id);
        row = row with
        {
            ListKey = row.ListKey ?? _indexes.NextListKey(entry.Id),
            DueKey = await _indexes.AddDueAsync(entry.Id, next.ExpiresAt, cancellationToken),
            Pending = new PendingChange(nonce, row.Number + 1, next, parts, Limited: true),
        };
        if (await _rows.TryWriteAsync(row, stored?.ETag, cancellationToken) is { } written)
        {
            await _changes.FinishAsync(written, cancellationToken);
        }
    }

    /// <summary>Finds room under every cap; the first without any refuses.</summary>
    private async Task<(IReadOnlyList<ScopePart> Parts, ReserveOutcome.Refused? Refused)> PlaceAsync(
        string entryId, Micros micros, IReadOnlyList<CostCap> caps, CancellationToken cancellationToken)
    {
        var placed = await Task.WhenAll(caps.Select(async cap =>
        {
            var partitions = ScopeShards.Partitions(cap.Scope, _options);
            var totals = await Task.WhenAll(partitions.Select(partition => _scopes.For(partition).ReadTotalAsync(cancellationToken)));
            var place = ScopeShards.Place(cap, micros, partitions, totals, LedgerKeys.ShardOf(entryId, partitions.Count));
            return (Cap: cap, Used: totals.Sum(), Place: place);
        }));
        foreach (var (cap, used, place) in placed)
        {
            if (place is null)
            {
                return ([], new ReserveOutcome.Refused(cap.Scope, used, micros, cap.LimitMicros));
            }
        }
        return ([.. placed.SelectMany(scope => scope.Place!)], null);
    }

    /// <returns>The entry as it is then; <c>null</c>: there is none.</returns>
    private async Task<LedgerEntry?> ChangeAsync(string entryId, Func<LedgerEntry, EntryChange?> decide, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            if (await FindAsync(entryId, cancellationToken) is not { Row: { Entry: { } entry } row } stored)
            {
                return null;
            }
            if (decide(entry) is not { } change)
            {
                return entry;
            }
            var pending = new PendingChange(
                "", row.Number + 1, change.Entry, ScopeShards.Resize(row.Parts, EntryRules.CountsFor(change.Entry)), Limited: false);
            if (await _rows.TryWriteAsync(row with { Pending = pending }, stored.ETag, cancellationToken) is { } written)
            {
                await _changes.FinishAsync(written, cancellationToken);
                return change.Entry;
            }
        }
        throw Conflict.TooMany($"The change of '{entryId}'");
    }
}
