using System.Globalization;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Operations;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Monitoring;

/// <summary>One row for each work and day, changed under its ETag.</summary>
internal sealed class TableDailyClaims : IDailyClaims
{
    private const string Until = "Until";
    private const string Done = "Done";

    private readonly TableClient _table;

    public TableDailyClaims(StorageTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _table = tables.DailyClaims;
    }

    public async Task<DailyClaim> TryTakeAsync(string work, DateOnly day, DateTimeOffset now, TimeSpan hold, CancellationToken cancellationToken)
    {
        var row = Row(work, day);
        row[Until] = (now + hold).UtcTicks;
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, null, cancellationToken);
            if (found.HasValue && found.Value!.GetBoolean(Done) == true)
            {
                return DailyClaim.Done;
            }
            if (found.HasValue && found.Value!.GetInt64(Until) > now.UtcTicks)
            {
                return DailyClaim.Held;
            }
            try
            {
                await (found.HasValue
                    ? _table.UpdateEntityAsync(row, found.Value!.ETag, TableUpdateMode.Replace, cancellationToken)
                    : _table.AddEntityAsync(row, cancellationToken));
                return DailyClaim.Taken;
            }
            catch (RequestFailedException e) when (Conflict.Is(e))
            {
                // Somebody was faster, or this request was repeated after its answer was lost: then the work waits until the claim ends.
            }
        }
        throw Conflict.TooMany($"The claim of '{work}'");
    }

    public Task CompleteAsync(string work, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = Row(work, day);
        row[Until] = now.UtcTicks;
        row[Done] = true;
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    private static TableEntity Row(string work, DateOnly day) => new(TableKey.Escape(work), day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
}
