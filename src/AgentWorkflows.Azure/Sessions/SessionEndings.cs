using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Record;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Sessions;

/// <summary>Sessions that are to be ended, all in one partition: there are few at any time, and whoever finishes them asks for all.</summary>
internal sealed class SessionEndings(TableClient table)
{
    private const string Partition = "open";
    private const string Ending = "Ending";

    public async Task<SessionEnding> PutAsync(SessionEnding ending, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            var found = await FindAsync(ending.SessionId, cancellationToken);
            var stored = found is null ? null : Read(found);
            if (stored is not null && (stored.RollBack || !ending.RollBack))
            {
                return stored;
            }
            var next = stored is null ? ending : stored with { RollBack = true };
            try
            {
                var row = Write(next);
                await (found is null
                    ? table.AddEntityAsync(row, cancellationToken)
                    : table.UpdateEntityAsync(row, found.ETag, TableUpdateMode.Replace, cancellationToken));
                return next;
            }
            catch (RequestFailedException e) when (Conflict.Is(e) || e.Status == 404)
            {
                // Somebody was faster, or finished it: what is there now is read again.
            }
        }
        throw Conflict.TooMany($"The ending of session '{ending.SessionId}'");
    }

    public async Task<IReadOnlyList<SessionEnding>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        var endings = new List<SessionEnding>();
        await foreach (var row in table.QueryAsync<TableEntity>(
            $"PartitionKey eq {TableKey.Text(Partition)}", limit, null, cancellationToken))
        {
            endings.Add(Read(row));
            if (endings.Count == limit)
            {
                break;
            }
        }
        return endings;
    }

    public async Task RemoveAsync(SessionEnding ending, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            if (await FindAsync(ending.SessionId, cancellationToken) is not { } found || (Read(found).RollBack && !ending.RollBack))
            {
                return;
            }
            try
            {
                await table.DeleteEntityAsync(found.PartitionKey, found.RowKey, found.ETag, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (Conflict.Is(e) || e.Status == 404)
            {
                // A rollback may have been asked for since.
            }
        }
        throw Conflict.TooMany($"The ending of session '{ending.SessionId}'");
    }

    private async Task<TableEntity?> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(Partition, TableKey.Escape(sessionId), null, cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private static SessionEnding Read(TableEntity row) => StoredJson.Read<SessionEnding>(Packed.Read(row, Ending));

    private static TableEntity Write(SessionEnding ending)
    {
        var row = new TableEntity(Partition, TableKey.Escape(ending.SessionId));
        Packed.Write(row, Ending, StoredJson.Write(ending), "The ending");
        return row;
    }
}
