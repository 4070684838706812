using System.Runtime.CompilerServices;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Costs;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Costs;

/// <summary>Where entries are found: by session, by day, and by the time their reservation is over. A row here only points; what it points at decides.</summary>
internal sealed class LedgerIndexes(TableClient table, TimeProvider time)
{
    private const string Id = "Id";

    private readonly Lock _lock = new();
    private long _lastTicks;

    /// <summary>Before the entry: so that one whose writer dies is found.</summary>
    public async Task<string> AddDueAsync(string entryId, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var key = LedgerKeys.TimeRow(expiresAt, entryId);
        await UpsertAsync(DueOf(entryId), key, entryId, cancellationToken);
        return key;
    }

    public Task RemoveDueAsync(string entryId, string key, CancellationToken cancellationToken) =>
        table.DeleteEntityAsync(DueOf(entryId), key, ETag.All, cancellationToken);

    /// <summary>The next place in a session's list. Rises in this process whatever the clock does; between processes it is as good as their clocks.</summary>
    public string NextListKey(string entryId)
    {
        lock (_lock)
        {
            _lastTicks = Math.Max(_lastTicks + 1, time.GetUtcNow().UtcTicks);
            return LedgerKeys.ListRow(_lastTicks, entryId);
        }
    }

    public async Task AddAsync(CostEntry entry, string listKey, DateTimeOffset reservedAt, bool first, CancellationToken cancellationToken)
    {
        var byTime = UpsertAsync(
            LedgerKeys.DayPartition(reservedAt, ShardOf(entry.Id)), LedgerKeys.TimeRow(reservedAt, entry.Id), entry.Id, cancellationToken);
        if (first)
        {
            await UpsertAsync(LedgerKeys.SessionPartition(entry.SessionId), listKey, entry.Id, cancellationToken);
        }
        await byTime;
    }

    public async Task<IReadOnlyList<string>> ListAsync(string sessionId, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await foreach (var row in table.QueryAsync<TableEntity>(
            $"PartitionKey eq {TableKey.Text(LedgerKeys.SessionPartition(sessionId))}", null, [Id], cancellationToken))
        {
            ids.Add(row.GetString(Id));
        }
        return ids;
    }

    /// <summary>What is over at <paramref name="now"/>, oldest first.</summary>
    public async Task<IReadOnlyList<(string Key, string EntryId)>> OverdueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, LedgerKeys.IndexShards).Select(async shard =>
        {
            var rows = new List<(string Key, string EntryId)>();
            var filter = $"PartitionKey eq {TableKey.Text(LedgerKeys.DuePartition(shard))} and RowKey lt {TableKey.Text(LedgerKeys.TimeRow(now.AddTicks(1)))}";
            await foreach (var row in table.QueryAsync<TableEntity>(filter, limit, [Id, "RowKey"], cancellationToken))
            {
                rows.Add((row.RowKey, row.GetString(Id)));
                if (rows.Count == limit)
                {
                    break;
                }
            }
            return rows;
        }));
        return [.. shards.SelectMany(rows => rows).OrderBy(row => row.Key, StringComparer.Ordinal).Take(limit)];
    }

    public async IAsyncEnumerable<string> ReadAsync(DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var day = new DateTimeOffset(from.UtcDateTime.Date, TimeSpan.Zero); day < to; day = day.AddDays(1))
        {
            for (var shard = 0; shard < LedgerKeys.IndexShards; shard++)
            {
                var filter = $"PartitionKey eq {TableKey.Text(LedgerKeys.DayPartition(day, shard))}"
                    + $" and RowKey ge {TableKey.Text(LedgerKeys.TimeRow(from))} and RowKey lt {TableKey.Text(LedgerKeys.TimeRow(to))}";
                await foreach (var row in table.QueryAsync<TableEntity>(filter, null, [Id], cancellationToken))
                {
                    yield return row.GetString(Id);
                }
            }
        }
    }

    /// <summary>Places by day of entries reserved before a time, the oldest days first.</summary>
    public async IAsyncEnumerable<DayPlace> OldestAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = LedgerKeys.DayPartition(before.AddDays(1), 0);
        var filter = $"PartitionKey ge 'day|' and PartitionKey lt {TableKey.Text(end)} and RowKey lt {TableKey.Text(LedgerKeys.TimeRow(before))}";
        await foreach (var row in table.QueryAsync<TableEntity>(filter, null, [Id, "PartitionKey", "RowKey"], cancellationToken))
        {
            yield return new DayPlace(row.PartitionKey, row.RowKey, row.GetString(Id));
        }
    }

    private async Task UpsertAsync(string partition, string key, string entryId, CancellationToken cancellationToken) =>
        await table.UpsertEntityAsync(new TableEntity(partition, key) { [Id] = entryId }, TableUpdateMode.Replace, cancellationToken);

    private static string DueOf(string entryId) => LedgerKeys.DuePartition(ShardOf(entryId));

    private static int ShardOf(string entryId) => LedgerKeys.ShardOf(entryId, LedgerKeys.IndexShards);
}
