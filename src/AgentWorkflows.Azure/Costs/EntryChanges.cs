using AgentWorkflows.Costs;

namespace AgentWorkflows.Azure.Costs;

/// <summary>
/// Brings a pending change of an entry into its scopes and then into its row, or undoes it. Any process may do so, at any point, several at once: every part is a row that
/// is written once, and the entry's row is written conditionally.
/// </summary>
internal sealed class EntryChanges(EntryRows rows, ScopeWriters scopes, LedgerIndexes indexes)
{
    /// <returns>The entry without a pending change.</returns>
    public async Task<StoredEntryRow> FinishAsync(StoredEntryRow stored, CancellationToken cancellationToken)
    {
        while (stored.Row.Pending is { } pending)
        {
            var next = pending.Undone
                ? await UndoAsync(stored, pending, cancellationToken)
                : await ApplyAsync(stored, pending, cancellationToken);
            stored = next ?? await rows.FindAsync(stored.Row.Id, cancellationToken)
                ?? throw new InvalidDataException($"Cost entry '{stored.Row.Id}' is gone.");
        }
        return stored;
    }

    /// <returns><c>null</c>: somebody else went on with it.</returns>
    private async Task<StoredEntryRow?> ApplyAsync(StoredEntryRow stored, PendingChange pending, CancellationToken cancellationToken)
    {
        var row = stored.Row;
        var outcomes = await Task.WhenAll(ChangesOf(row, pending).Select(change => scopes.For(change.Partition).ApplyAsync(change.Change, cancellationToken)));
        if (outcomes.Contains(ScopeOutcome.Full))
        {
            return await rows.TryWriteAsync(row with { Pending = pending with { Undone = true } }, stored.ETag, cancellationToken);
        }
        if (pending.Limited)
        {
            await indexes.AddAsync(pending.Next.Entry, row.ListKey!, pending.Next.ReservedAt, first: row.Entry is null, cancellationToken);
        }
        var done = pending.Next.Status != LedgerEntryStatus.Reserved;
        var written = await rows.TryWriteAsync(
            row with
            {
                Entry = pending.Next,
                Parts = pending.Parts,
                Number = pending.Number,
                ReservedBy = pending.Limited ? pending.Nonce : row.ReservedBy,
                DueKey = done ? null : row.DueKey,
                Pending = null,
            },
            stored.ETag, cancellationToken);
        if (written is not null && done && row.DueKey is { } due)
        {
            await indexes.RemoveDueAsync(row.Id, due, cancellationToken);
        }
        return written;
    }

    private async Task<StoredEntryRow?> UndoAsync(StoredEntryRow stored, PendingChange pending, CancellationToken cancellationToken)
    {
        var row = stored.Row;
        await Task.WhenAll(ChangesOf(row, pending).Select(async change =>
        {
            var writer = scopes.For(change.Partition);
            var made = await writer.PreventAsync(change.Change.Key, cancellationToken);
            if (made != 0)
            {
                await writer.ApplyAsync(new ScopeChange(LedgerKeys.Change(row.Id, pending.Number + 1), -made, null), cancellationToken);
            }
        }));
        var written = await rows.TryWriteAsync(row with { Number = pending.Number + 1, Pending = null, DueKey = null }, stored.ETag, cancellationToken);
        if (written is not null && row.DueKey is { } due)
        {
            await indexes.RemoveDueAsync(row.Id, due, cancellationToken);
        }
        return written;
    }

    private static IEnumerable<(string Partition, ScopeChange Change)> ChangesOf(EntryRow row, PendingChange pending)
    {
        var key = LedgerKeys.Change(row.Id, pending.Number);
        // A reservation counts from nothing: what was released before counts for nothing any more.
        return pending.Limited
            ? pending.Parts.Where(part => part.Micros != 0).Select(part => (part.Partition, new ScopeChange(key, part.Micros, part.LimitMicros)))
            : pending.Parts.Zip(row.Parts, (next, now) => (next.Partition, new ScopeChange(key, next.Micros - now.Micros, null)))
                .Where(change => change.Item2.DeltaMicros != 0);
    }
}
