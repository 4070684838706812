using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Words;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Costs;

/// <summary>A change of one entry in one partition of a scope.</summary>
/// <param name="Key">Of its row in the journal.</param>
/// <param name="LimitMicros">The total must not exceed it; <c>null</c>: whatever the total is.</param>
internal sealed record ScopeChange(string Key, Micros DeltaMicros, Micros? LimitMicros);

internal enum ScopeOutcome
{
    /// <summary>It is in the journal and in the total; perhaps it had been before.</summary>
    Applied,
    Full,
}

/// <summary>
/// The total of one partition of a scope. A change is a row in its journal and the new total, in one transaction under the total's ETag, so that each change counts
/// once however often it is tried. Changes that wait in this process go together. Thread-safe.
/// </summary>
internal sealed class ScopeWriter(TableClient table, string partition)
{
    private const string Used = "Used";
    private const string Delta = "Delta";

    /// <summary>Of the 100 operations of a transaction, one is the total's.</summary>
    private const int MaxChanges = 99;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _queue = new();
    private bool _running;
    private Task _drain = Task.CompletedTask;

    /// <summary>What was written or read last; another process may have moved it since.</summary>
    private (Micros Used, ETag ETag)? _total;

    public bool Idle
    {
        get
        {
            lock (_lock)
            {
                return _drain.IsCompleted && !_running;
            }
        }
    }

    public async Task<Micros> ReadTotalAsync(CancellationToken cancellationToken) => (await LoadAsync(cancellationToken)).Used;

    public async Task<ScopeOutcome> ApplyAsync(ScopeChange change, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(change);
        lock (_lock)
        {
            _queue.Enqueue(waiting);
            if (!_running)
            {
                _running = true;
                // On its own: it serves whoever comes while it runs. It ends with the queue, and every failure goes to those who wait.
                _drain = Task.Run(DrainAsync, CancellationToken.None);
            }
        }
        return await waiting.Completion.Task.WaitAsync(cancellationToken);
    }

    /// <summary>What a change that is in the journal counts for; <c>null</c>: it is not there.</summary>
    public async Task<Micros?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, key, [Delta], cancellationToken);
        return found.HasValue ? found.Value!.GetInt64(Delta) ?? 0 : null;
    }

    /// <summary>Keeps a change from ever being made, unless it was: afterwards the journal has it, with what it counts for.</summary>
    public async Task<Micros> PreventAsync(string key, CancellationToken cancellationToken)
    {
        if (await FindAsync(key, cancellationToken) is { } made)
        {
            return made;
        }
        try
        {
            await table.AddEntityAsync(Row(key, 0), cancellationToken);
            return 0;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return await FindAsync(key, cancellationToken) ?? 0;
        }
    }

    private async Task DrainAsync()
    {
        while (Take() is { } batch)
        {
            try
            {
                // Two callers may be finishing the same change of an entry; a transaction takes a row once.
                var distinct = batch.DistinctBy(waiting => waiting.Change.Key).ToDictionary(waiting => waiting.Change.Key, StringComparer.Ordinal);
                await WriteAsync([.. distinct.Values]);
                foreach (var twin in batch.Where(waiting => distinct[waiting.Change.Key] != waiting))
                {
                    twin.Completion.TrySetResult(await distinct[twin.Change.Key].Completion.Task);
                }
            }
#pragma warning disable CA1031 // Every caller of the batch is told.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _total = null;
                batch.ForEach(waiting => waiting.Completion.TrySetException(e));
            }
        }
    }

    private List<Waiting>? Take()
    {
        lock (_lock)
        {
            var batch = new List<Waiting>();
            while (batch.Count < MaxChanges && _queue.TryDequeue(out var waiting))
            {
                batch.Add(waiting);
            }
            _running = batch.Count > 0;
            return _running ? batch : null;
        }
    }

    private async Task WriteAsync(List<Waiting> batch)
    {
        var left = batch;
        for (var round = 0; left.Count > 0; round++)
        {
            if (round == Conflict.MaxRounds)
            {
                throw Conflict.TooMany($"Scope partition '{partition}'");
            }
            var (used, etag) = _total ?? await LoadAsync(CancellationToken.None);
            var fresh = _total is null;
            var fit = new List<Waiting>();
            var next = used;
            foreach (var waiting in left)
            {
                if (waiting.Change.LimitMicros is not { } limit || waiting.Change.DeltaMicros <= limit - next)
                {
                    next += waiting.Change.DeltaMicros;
                    fit.Add(waiting);
                }
            }
            if (fit.Count < left.Count && !fresh)
            {
                // The total may have gone down in another process.
                _total = null;
                continue;
            }
            if (fit.Count > 0 && !await TryCommitAsync(fit, next, etag))
            {
                left = [.. left.Where(waiting => !waiting.Completion.Task.IsCompleted)];
                continue;
            }
            fit.ForEach(waiting => waiting.Completion.TrySetResult(ScopeOutcome.Applied));
            foreach (var waiting in left.Except(fit))
            {
                // It may be in the total already: the answer of the transaction that put it there was lost.
                var outcome = await FindAsync(waiting.Change.Key, CancellationToken.None) is null ? ScopeOutcome.Full : ScopeOutcome.Applied;
                waiting.Completion.TrySetResult(outcome);
            }
            return;
        }
    }

    /// <summary>False: try again, without those that are completed now.</summary>
    private async Task<bool> TryCommitAsync(List<Waiting> changes, Micros total, ETag etag)
    {
        var row = new TableEntity(partition, LedgerKeys.TotalRow) { [Used] = total.Value };
        List<TableTransactionAction> actions =
        [
            etag == default
                ? new TableTransactionAction(TableTransactionActionType.Add, row)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, etag),
            .. changes.Select(waiting => new TableTransactionAction(TableTransactionActionType.Add, Row(waiting.Change.Key, waiting.Change.DeltaMicros))),
        ];
        try
        {
            var answers = (await table.SubmitTransactionAsync(actions, CancellationToken.None)).Value;
            _total = answers[0].Headers.ETag is { } written ? (total, written) : null;
            return true;
        }
        catch (TableTransactionFailedException e) when (Conflict.Is(e) || e.Status == 404)
        {
            if (e.Status == 409 && e.FailedTransactionActionIndex is > 0 and var index && index <= changes.Count)
            {
                changes[index - 1].Completion.TrySetResult(ScopeOutcome.Applied);
            }
            _total = null;
            return false;
        }
    }

    private async Task<(Micros Used, ETag ETag)> LoadAsync(CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, LedgerKeys.TotalRow, null, cancellationToken);
        return found.HasValue ? (found.Value!.GetInt64(Used) ?? 0, found.Value!.ETag) : (0, default);
    }

    private TableEntity Row(string key, Micros delta) => new(partition, key) { [Delta] = delta.Value };

    private sealed class Waiting(ScopeChange change)
    {
        public ScopeChange Change { get; } = change;

        public TaskCompletionSource<ScopeOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
