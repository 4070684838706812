using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Record;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Sessions;

/// <summary>Which steps worked on a resource, in order: a partition for each resource.</summary>
internal sealed class ResourceTouches(TableClient table)
{
    private const int MaxListed = 20;
    private const string TouchRow = "touch";
    private const string StepRow = "step";
    private const string Sequence = "Sequence";
    private const string State = "State";

    public async Task PutAsync(ResourceTouch touch, CancellationToken cancellationToken)
    {
        var partition = TableKey.Escape(touch.Resource);
        var key = StepKey(touch.SessionId, touch.Turn, touch.StepId);
        if (await PlaceOfAsync(partition, key, cancellationToken) is not { } sequence)
        {
            await new OrderedPartition(table, partition).AddAsync([new OrderedRow(key, next => RowsOf(partition, key, next, touch))], cancellationToken);
            sequence = await PlaceOfAsync(partition, key, cancellationToken)
                ?? throw new InvalidDataException($"The touch of '{touch.Resource}' is gone right after it was written.");
        }
        // Of notes of one step only the last counts, and one step is run by one worker at a time.
        var state = new TableEntity(partition, RowOf(sequence)) { [State] = touch.State.ToString() };
        await table.UpsertEntityAsync(state, TableUpdateMode.Merge, cancellationToken);
    }

    public async Task<IReadOnlyList<ResourceTouch>> ListAfterAsync(string resource, DocumentKey step, CancellationToken cancellationToken)
    {
        var partition = TableKey.Escape(resource);
        if (await PlaceOfAsync(partition, StepKey(step.SessionId, step.Turn, step.Step), cancellationToken) is not { } sequence)
        {
            return [];
        }
        var filter = $"{TableKey.RowsOf(partition, TouchRow)} and RowKey gt {TableKey.Text(RowOf(sequence))}"
            + $" and SessionId ne {TableKey.Text(step.SessionId)} and ({State} eq '{TouchState.Unknown}' or {State} eq '{TouchState.Done}')";
        var touches = new List<ResourceTouch>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter, MaxListed, null, cancellationToken))
        {
            touches.Add(Read(resource, row));
            if (touches.Count == MaxListed)
            {
                break;
            }
        }
        return touches;
    }

    /// <summary>Reads the whole table: there is no order by time over all resources. The step's row goes first, so that the touch is found again.</summary>
    public async Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var filter = $"RowKey ge {TableKey.Text(TouchRow + TableKey.Separator)} and RowKey lt {TableKey.Text(TableKey.End(TouchRow))}"
            + string.Create(System.Globalization.CultureInfo.InvariantCulture, $" and At lt {before.UtcTicks}L");
        var removed = 0;
        await foreach (var row in table.QueryAsync<TableEntity>(filter, limit, ["PartitionKey", "RowKey", "SessionId", "Turn", "StepId"], cancellationToken))
        {
            if (removed == limit)
            {
                break;
            }
            var step = StepKey(row.GetString("SessionId"), row.GetInt32("Turn") ?? 0, row.GetString("StepId"));
            await table.DeleteEntityAsync(row.PartitionKey, step, ETag.All, cancellationToken);
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
            removed++;
        }
        return removed;
    }

    private async Task<long?> PlaceOfAsync(string partition, string key, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, key, [Sequence], cancellationToken);
        return found.HasValue ? found.Value!.GetInt64(Sequence) : null;
    }

    private static IEnumerable<TableEntity> RowsOf(string partition, string key, long sequence, ResourceTouch touch) =>
    [
        new TableEntity(partition, key) { [Sequence] = sequence },
        new TableEntity(partition, RowOf(sequence))
        {
            ["SessionId"] = touch.SessionId,
            ["Turn"] = touch.Turn,
            ["StepId"] = touch.StepId,
            ["Tool"] = touch.Tool,
            [State] = touch.State.ToString(),
            ["At"] = touch.At.UtcTicks,
        },
    ];

    private static ResourceTouch Read(string resource, TableEntity row) => new(
        resource, row.GetString("SessionId"), row.GetInt32("Turn") ?? 0, row.GetString("StepId"), row.GetString("Tool"),
        Enum.Parse<TouchState>(row.GetString(State)), StoredJson.Time(row.GetInt64("At")));

    private static string RowOf(long sequence) => TableKey.Of(TouchRow, TableKey.Number(sequence));

    private static string StepKey(string sessionId, int turn, string stepId) =>
        TableKey.Of(StepRow, TableKey.Escape(sessionId), TableKey.Number(turn), TableKey.Escape(stepId));
}
