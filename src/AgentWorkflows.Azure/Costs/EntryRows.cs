using AgentWorkflows.Azure.Tables;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Costs;

/// <summary>Reads and conditionally writes entries' rows.</summary>
internal sealed class EntryRows(TableClient table)
{
    public async Task<StoredEntryRow?> FindAsync(string entryId, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(LedgerKeys.EntryPartition(entryId), LedgerKeys.EntryRow, null, cancellationToken);
        return found.HasValue ? new StoredEntryRow(EntryRow.Read(entryId, found.Value!), found.Value!.ETag) : null;
    }

    /// <returns><c>null</c>: somebody else was faster.</returns>
    public async Task<StoredEntryRow?> TryWriteAsync(EntryRow row, ETag? known, CancellationToken cancellationToken)
    {
        try
        {
            var answer = known is { } etag
                ? await table.UpdateEntityAsync(row.ToRow(), etag, TableUpdateMode.Replace, cancellationToken)
                : await table.AddEntityAsync(row.ToRow(), cancellationToken);
            return answer.Headers.ETag is { } written ? new StoredEntryRow(row, written) : await FindAsync(row.Id, cancellationToken);
        }
        catch (RequestFailedException e) when (Conflict.Is(e) || e.Status == 404)
        {
            return null;
        }
    }
}
