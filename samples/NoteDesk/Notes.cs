using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;

namespace NoteDesk;

/// <summary>Notes in a table: one row for each call that wrote one, so that a call that runs again writes nothing more.</summary>
internal sealed class Notes(TableClient table)
{
    private const string Partition = "notes";

    private Task? _made;

    /// <returns>False: the note was taken back before, and stays so.</returns>
    public async Task<bool> WriteAsync(string key, string topic, string text, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, RowOf(key)) { ["Topic"] = topic, ["Text"] = text, ["Deleted"] = false };
        try
        {
            await (await TableAsync(cancellationToken)).AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            var earlier = await table.GetEntityAsync<TableEntity>(Partition, row.RowKey, null, cancellationToken);
            return earlier.Value.GetBoolean("Deleted") != true;
        }
    }

    public async Task<IReadOnlyList<string>> ReadAsync(string topic, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and Topic eq {topic} and Deleted eq {false}");
        var found = new List<(DateTimeOffset? At, string Text)>();
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(filter, 100, null, cancellationToken))
        {
            found.Add((row.Timestamp, row.GetString("Text")));
        }
        return [.. found.OrderBy(note => note.At).Select(note => note.Text)];
    }

    /// <summary>Leaves a mark, so that a call that is still under way cannot write the note afterwards.</summary>
    /// <returns>True: there was a note.</returns>
    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var earlier = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(Partition, RowOf(key), null, cancellationToken);
        await table.UpsertEntityAsync(new TableEntity(Partition, RowOf(key)) { ["Deleted"] = true }, TableUpdateMode.Merge, cancellationToken);
        return earlier.HasValue && earlier.Value!.GetBoolean("Deleted") == false;
    }

    /// <summary>Made before it is first used; after a failure the next call tries again.</summary>
    private async Task<TableClient> TableAsync(CancellationToken cancellationToken)
    {
        if (_made is null or { IsCompleted: true, IsCompletedSuccessfully: false })
        {
            _made = table.CreateIfNotExistsAsync(CancellationToken.None);
        }
        await _made.WaitAsync(cancellationToken);
        return table;
    }

    private static string RowOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
