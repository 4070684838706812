using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Record;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Sessions;

/// <summary>
/// A session's documents: one row each. What exceeds an entity is cut into rows of its own, written before the document's row and named by their content,
/// so that the document appears at once or not at all and a repeated write finds the rows of the first.
/// </summary>
internal sealed class SessionDocuments(TableClient table)
{
    public const int MaxBytes = 4 * 1024 * 1024;

    public const string DocumentRow = "doc";
    public const string PartRow = "part";
    private const string Content = "Content";
    private const string Parts = "Parts";
    private const string Digest = "Digest";

    public async Task<JsonElement> PutAsync(DocumentKey key, JsonElement document, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var json = document.GetRawText();
        var bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes > MaxBytes)
        {
            throw new ArgumentException(
                $"Document '{key.Step}' of turn {key.Turn} has {bytes} bytes; at most {MaxBytes} are kept. Store less, or a reference to it.", nameof(document));
        }
        if (await GetAsync(key, cancellationToken) is { } earlier)
        {
            return earlier;
        }
        var row = new TableEntity(SessionRow.PartitionOf(key.SessionId), RowOf(key))
        {
            ["Turn"] = key.Turn,
            ["Step"] = key.Step,
            ["WrittenAt"] = now.UtcTicks,
        };
        await WriteContentAsync(row, json, cancellationToken);
        await new OrderedPartition(table, row.PartitionKey).AddAsync([new OrderedRow(row.RowKey, sequence =>
        {
            row["Sequence"] = sequence;
            return [row];
        })], cancellationToken);
        // Another writer may have been first; its document is the document.
        return await GetAsync(key, cancellationToken) ?? throw new InvalidDataException($"Document '{key.Step}' is gone right after it was written.");
    }

    public async Task<JsonElement?> GetAsync(DocumentKey key, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(SessionRow.PartitionOf(key.SessionId), RowOf(key), null, cancellationToken);
        return found.HasValue ? await ReadContentAsync(found.Value!, cancellationToken) : null;
    }

    public async Task<IReadOnlyList<SessionDocument>> ListAsync(string sessionId, int throughTurn, CancellationToken cancellationToken)
    {
        if (throughTurn < 0)
        {
            return [];
        }
        var partition = SessionRow.PartitionOf(sessionId);
        var last = TableKey.End(TableKey.Of(DocumentRow, TableKey.Number(throughTurn)));
        var filter = $"{TableKey.RowsOf(partition, DocumentRow)} and RowKey lt {TableKey.Text(last)}";
        var documents = new List<(int Turn, long Sequence, SessionDocument Document)>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter, null, null, cancellationToken))
        {
            var turn = row.GetInt32("Turn") ?? 0;
            var content = await ReadContentAsync(row, cancellationToken);
            documents.Add((turn, row.GetInt64("Sequence") ?? 0,
                new SessionDocument(new DocumentKey(sessionId, turn, row.GetString("Step")), content, StoredJson.Time(row.GetInt64("WrittenAt")))));
        }
        return [.. documents.OrderBy(entry => entry.Turn).ThenBy(entry => entry.Sequence).Select(entry => entry.Document)];
    }

    private async Task WriteContentAsync(TableEntity row, string json, CancellationToken cancellationToken)
    {
        if (Packed.FitsAsText(json))
        {
            row[Content] = json;
            return;
        }
        var bytes = Packed.Compress(json);
        if (bytes.Length <= Packed.MaxEntityBytes)
        {
            Packed.WriteBytes(row, Content, bytes);
            return;
        }
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var count = 0;
        for (var from = 0; from < bytes.Length; from += Packed.MaxEntityBytes)
        {
            var part = new TableEntity(row.PartitionKey, PartOf(row.RowKey, digest, count++));
            Packed.WriteBytes(part, Content, bytes.AsSpan(from, Math.Min(Packed.MaxEntityBytes, bytes.Length - from)));
            await table.UpsertEntityAsync(part, TableUpdateMode.Replace, cancellationToken);
        }
        row[Parts] = count;
        row[Digest] = digest;
    }

    private async Task<JsonElement> ReadContentAsync(TableEntity row, CancellationToken cancellationToken)
    {
        if (row.GetInt32(Parts) is not { } count)
        {
            return StoredJson.Element(Packed.Read(row, Content));
        }
        var digest = row.GetString(Digest);
        var parts = await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            var part = await table.GetEntityAsync<TableEntity>(row.PartitionKey, PartOf(row.RowKey, digest, i), null, cancellationToken);
            return Packed.ReadBytes(part.Value, Content);
        }));
        return StoredJson.Element(Packed.Decompress([.. parts.SelectMany(part => part)]));
    }

    private static string RowOf(DocumentKey key) => TableKey.Of(DocumentRow, TableKey.Number(key.Turn), TableKey.Escape(key.Step));

    private static string PartOf(string documentRow, string digest, int index) =>
        TableKey.Of(PartRow, documentRow, digest, TableKey.Number(index));
}
