using AgentWorkflows.Costs;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Costs;

/// <summary>Where an entry stands among those of its day.</summary>
internal sealed record DayPlace(string Partition, string Key, string EntryId);

/// <summary>
/// Deletes what belongs to old entries: the place by day last, so that a purge that dies half way is taken up by the next. Missing rows are fine.
/// </summary>
internal sealed class LedgerPurge(TableClient table, LedgerIndexes indexes)
{
    public Task RemoveAsync(DayPlace place, CancellationToken cancellationToken) => DeleteAsync(place.Partition, place.Key, cancellationToken);

    public async Task RemoveAsync(EntryRow row, DateTimeOffset before, DayPlace place, CancellationToken cancellationToken)
    {
        foreach (var part in row.Parts)
        {
            for (var number = 1L; number <= row.Number; number++)
            {
                await DeleteAsync(part.Partition, LedgerKeys.Change(row.Id, number), cancellationToken);
            }
            if (CostScopes.EndOf(part.Scope) <= before)
            {
                await DeleteAsync(part.Partition, LedgerKeys.TotalRow, cancellationToken);
            }
        }
        var session = row.Entry!.Entry.SessionId;
        if (row.ListKey is { } key)
        {
            await DeleteAsync(LedgerKeys.SessionPartition(session), key, cancellationToken);
        }
        await DeleteAsync(LedgerKeys.EntryPartition(row.Id), LedgerKeys.EntryRow, cancellationToken);
        var own = row.Parts.FirstOrDefault(part => CostScopes.IsSession(part.Scope));
        if (own is not null && (await indexes.ListAsync(session, cancellationToken)).Count == 0)
        {
            await DeleteAsync(own.Partition, LedgerKeys.TotalRow, cancellationToken);
        }
        await RemoveAsync(place, cancellationToken);
    }

    private Task<Response> DeleteAsync(string partition, string key, CancellationToken cancellationToken) =>
        table.DeleteEntityAsync(partition, key, ETag.All, cancellationToken);
}
