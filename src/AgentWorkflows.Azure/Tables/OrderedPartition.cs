using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Tables;

/// <summary>A row to add unless one with its key exists, and what goes with it; <see cref="With"/> gives the rows for the place it gets.</summary>
internal sealed record OrderedRow(string Key, Func<long, IEnumerable<TableEntity>> With);

/// <summary>
/// Adds rows to a partition in an order: each gets the next number of the partition's counter, in one transaction with the counter, so that a number
/// never appears after a higher one was seen.
/// </summary>
internal sealed class OrderedPartition(TableClient table, string partition)
{
    private const string CounterRow = "counter";
    private const string Last = "Last";

    /// <summary>Of a transaction, and one of them is the counter's.</summary>
    private const int MaxActions = 100;

    public async Task AddAsync(IReadOnlyList<OrderedRow> rows, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            var counter = await table.GetEntityIfExistsAsync<TableEntity>(partition, CounterRow, null, cancellationToken);
            // Read after the counter: a row added meanwhile has moved the counter too, and the transaction is refused.
            var missing = await MissingAsync(rows, cancellationToken);
            if (missing.Count == 0)
            {
                return;
            }
            try
            {
                await AddAsync(counter.HasValue ? counter.Value : null, missing, cancellationToken);
                return;
            }
            catch (RequestFailedException e) when (Conflict.Is(e))
            {
            }
        }
        throw Conflict.TooMany($"Adding to partition '{partition}'");
    }

    private async Task<List<OrderedRow>> MissingAsync(IReadOnlyList<OrderedRow> rows, CancellationToken cancellationToken)
    {
        var exist = await Task.WhenAll(rows.Select(async row =>
            (await table.GetEntityIfExistsAsync<TableEntity>(partition, row.Key, ["RowKey"], cancellationToken)).HasValue));
        return [.. rows.Where((_, i) => !exist[i]).DistinctBy(row => row.Key)];
    }

    private async Task AddAsync(TableEntity? counter, List<OrderedRow> rows, CancellationToken cancellationToken)
    {
        var last = counter?.GetInt64(Last) ?? 0;
        var added = rows.SelectMany(row => row.With(++last)).ToList();
        if (added.Count >= MaxActions)
        {
            throw new ArgumentException($"{added.Count} rows are more than one transaction takes ({MaxActions - 1}). Add fewer at once.", nameof(rows));
        }
        var next = new TableEntity(partition, CounterRow) { [Last] = last };
        List<TableTransactionAction> actions =
        [
            counter is null
                ? new TableTransactionAction(TableTransactionActionType.Add, next)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, next, counter.ETag),
            .. added.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)),
        ];
        await table.SubmitTransactionAsync(actions, cancellationToken);
    }
}
