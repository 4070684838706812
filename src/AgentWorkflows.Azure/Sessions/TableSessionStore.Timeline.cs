using System.Text.Json;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Record;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Sessions;

internal sealed partial class TableSessionStore
{
    private const string EntryRow = "time";
    private const string KeyRow = "key";

    /// <summary>Entries of one transaction: two rows each.</summary>
    private const int EntriesAtOnce = 40;

    public async Task AppendTimelineAsync(IReadOnlyList<TimelineEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var session in entries.GroupBy(entry => entry.SessionId))
        {
            var partition = SessionRow.PartitionOf(session.Key);
            foreach (var some in session.Select(entry => Timeline(partition, entry)).Chunk(EntriesAtOnce))
            {
                await new OrderedPartition(_sessions, partition).AddAsync(some, cancellationToken);
            }
        }
    }

    public async Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(
        string sessionId, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        var partition = SessionRow.PartitionOf(sessionId);
        var after = TableKey.Of(EntryRow, TableKey.Number(Math.Max(afterSequence, 0)));
        var filter = $"{TableKey.RowsOf(partition, EntryRow)} and RowKey gt {TableKey.Text(after)}";
        var entries = new List<TimelineEntry>();
        await foreach (var row in _sessions.QueryAsync<TableEntity>(filter, Math.Clamp(limit, 1, 1000), null, cancellationToken))
        {
            if (entries.Count >= limit)
            {
                break;
            }
            entries.Add(StoredJson.Read<TimelineEntry>(Packed.Read(row, "Entry")) with { Sequence = row.GetInt64("Sequence") ?? 0 });
        }
        return entries;
    }

    public async Task PutSnapshotAsync(string hash, JsonElement definition, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKey.Escape(hash), "snapshot");
        Packed.Write(row, "Definition", definition.GetRawText(), "The agent's definition");
        // The same hash has the same content: whoever writes last changes nothing.
        await _snapshots.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    public async Task<JsonElement?> GetSnapshotAsync(string hash, CancellationToken cancellationToken)
    {
        var found = await _snapshots.GetEntityIfExistsAsync<TableEntity>(TableKey.Escape(hash), "snapshot", null, cancellationToken);
        return found.HasValue ? StoredJson.Element(Packed.Read(found.Value!, "Definition")) : null;
    }

    private static OrderedRow Timeline(string partition, TimelineEntry entry)
    {
        var key = TableKey.Of(KeyRow, TableKey.Escape(entry.Key));
        return new OrderedRow(key, sequence =>
        {
            var row = new TableEntity(partition, TableKey.Of(EntryRow, TableKey.Number(sequence))) { ["Sequence"] = sequence };
            Packed.Write(row, "Entry", StoredJson.Write(entry), $"Timeline entry '{entry.Key}'");
            return [new TableEntity(partition, key), row];
        });
    }
}
