using AgentWorkflows.Approvals;
using AgentWorkflows.Azure.Tables;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Approvals;

/// <summary>
/// Approvals on Table Storage. All are in one partition, so that a request, its decision and its places in lists change in one transaction. A partition takes
/// about 2,000 rows a second: hundreds of requests and decisions, more than people make.
/// </summary>
internal sealed class TableApprovalStore : IApprovalStore
{
    private const int MaxLimit = 1000;

    private readonly TableClient _table;

    public TableApprovalStore(StorageTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _table = tables.Approvals;
    }

    public async Task<ApprovalRequest> CreateAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await FindAsync(request.Id, cancellationToken) is var (earlier, _))
        {
            return earlier;
        }
        TableEntity[] rows = [ApprovalRows.RequestRow(request), .. ApprovalRows.ListRows(request), ApprovalRows.PendingRow(request)];
        try
        {
            await _table.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
            return request;
        }
        catch (RequestFailedException e) when (Conflict.Is(e))
        {
            return await GetAsync(request.Id, cancellationToken)
                ?? throw new InvalidDataException($"Approval request '{request.Id}' exists in lists only.", e);
        }
    }

    public async Task<ApprovalRequest?> GetAsync(string approvalId, CancellationToken cancellationToken) =>
        await FindAsync(approvalId, cancellationToken) is var (request, _) ? request : null;

    public Task<IReadOnlyList<ApprovalRequest>> ListAsync(ApprovalQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        RequireLimit(query.Limit);
        // Few are pending, so that their own list is short; the other lists are as long as history.
        var list = (query.Status, query.SessionId) switch
        {
            (_, { } session) => ApprovalRows.SessionList(session),
            (ApprovalStatus.Pending, null) => ApprovalRows.Pending,
            _ => ApprovalRows.All,
        };
        var narrowed = query.Status is { } wanted ? $" and {ApprovalRows.Status} eq '{wanted}'" : "";
        return ListAsync(list, narrowed, request => Fits(request, query), query.Limit, cancellationToken);
    }

    public async Task<DecideOutcome> DecideAsync(string approvalId, ApprovalDecision decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            if (await FindAsync(approvalId, cancellationToken) is not var (request, etag))
            {
                return new DecideOutcome.NotFound();
            }
            var (outcome, changed) = ApprovalArbiter.Decide(request, decision);
            if (changed is null || await TryWriteAsync(changed, etag, cancellationToken))
            {
                return outcome;
            }
        }
        throw Conflict.TooMany($"The decision about '{approvalId}'");
    }

    public async Task<ApprovalRequest?> PutNoticesAsync(string approvalId, IReadOnlyList<ApprovalNotice> notices, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            if (await FindAsync(approvalId, cancellationToken) is not var (request, etag))
            {
                return null;
            }
            var changed = ApprovalArbiter.WithNotices(request, notices);
            if (ReferenceEquals(changed, request) || await TryReplaceAsync(changed, etag, cancellationToken))
            {
                return changed;
            }
        }
        throw Conflict.TooMany($"The notices about '{approvalId}'");
    }

    public async Task<IReadOnlyList<UndeliveredDecision>> ListUndeliveredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        var due = new List<TableEntity>();
        var filter = TableKey.RowsOf(ApprovalRows.Partition, ApprovalRows.Undelivered);
        await foreach (var row in _table.QueryAsync<TableEntity>(
            filter, 1_000, [ApprovalRows.Id, ApprovalRows.Told, ApprovalRows.TellAt], cancellationToken))
        {
            // Here and not in the filter, because a row that has no such property yet is due.
            if (ApprovalRows.IsDue(row, now))
            {
                due.Add(row);
            }
            if (due.Count == limit)
            {
                break;
            }
        }
        var found = await BoundedReads.AllAsync<TableEntity, UndeliveredDecision>(due, UndeliveredAsync, cancellationToken);
        return [.. found.OfType<UndeliveredDecision>()];
    }

    public async Task PutOffDeliveryAsync(string approvalId, DecisionTold told, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(told);
        if (await FindAsync(approvalId, cancellationToken) is not var (request, _) || request.Decision is null)
        {
            return;
        }
        try
        {
            await _table.UpdateEntityAsync(ApprovalRows.ToldRow(request, told), ETag.All, TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // The session has acted meanwhile.
        }
    }

    public async Task MarkDeliveredAsync(string approvalId, CancellationToken cancellationToken)
    {
        if (await FindAsync(approvalId, cancellationToken) is var (request, _) && request.Decision is not null)
        {
            await _table.DeleteEntityAsync(ApprovalRows.Partition, ApprovalRows.UndeliveredRow(request).RowKey, ETag.All, cancellationToken);
        }
    }

    private async Task<UndeliveredDecision?> UndeliveredAsync(TableEntity row, CancellationToken cancellationToken) =>
        await GetAsync(row.GetString(ApprovalRows.Id), cancellationToken) is { } request ? new UndeliveredDecision(request, row.GetInt32(ApprovalRows.Told) ?? 0) : null;

    /// <returns>False: the request has changed since it was read.</returns>
    private async Task<bool> TryWriteAsync(ApprovalRequest changed, ETag etag, CancellationToken cancellationToken)
    {
        if (changed.Decision is null)
        {
            return await TryReplaceAsync(changed, etag, cancellationToken);
        }
        try
        {
            await _table.SubmitTransactionAsync(Changes(changed, etag), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (Conflict.Is(e) || e.Status == 404)
        {
            // Somebody decided meanwhile, or this request was repeated after its answer was lost: the stored one says which.
            return false;
        }
    }

    /// <summary>The request alone: its places in lists stay as they are.</summary>
    private async Task<bool> TryReplaceAsync(ApprovalRequest changed, ETag etag, CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(ApprovalRows.RequestRow(changed), etag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (Conflict.Is(e))
        {
            return false;
        }
    }

    private static bool Fits(ApprovalRequest request, ApprovalQuery query) =>
        (query.UserId is null || request.UserId == query.UserId)
        && (query.Approver is not { } approver || request.Stages.Count == 0
            || request.Stages.Any(stage => stage.Approvers.Count == 0 || stage.Approvers.Contains(Approver.Normalize(approver), StringComparer.Ordinal)));

    private static IEnumerable<TableTransactionAction> Changes(ApprovalRequest decided, ETag etag) =>
    [
        new(TableTransactionActionType.UpdateReplace, ApprovalRows.RequestRow(decided), etag),
        .. ApprovalRows.ListRows(decided).Select(row => new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, ETag.All)),
        new(TableTransactionActionType.Delete, ApprovalRows.PendingRow(decided), ETag.All),
        new(TableTransactionActionType.Add, ApprovalRows.UndeliveredRow(decided)),
    ];

    /// <summary>Reads page by page until enough fit.</summary>
    private async Task<IReadOnlyList<ApprovalRequest>> ListAsync(
        string list, string narrowed, Func<ApprovalRequest, bool> fits, int limit, CancellationToken cancellationToken)
    {
        var found = new List<ApprovalRequest>();
        var filter = TableKey.RowsOf(ApprovalRows.Partition, list) + narrowed;
        await foreach (var page in _table.QueryAsync<TableEntity>(filter, limit, [ApprovalRows.Id], cancellationToken).AsPages())
        {
            var requests = await BoundedReads.AllAsync<string, ApprovalRequest>([.. page.Values.Select(row => row.GetString(ApprovalRows.Id))], GetAsync, cancellationToken);
            found.AddRange(requests.OfType<ApprovalRequest>().Where(fits).Take(limit - found.Count));
            if (found.Count >= limit)
            {
                break;
            }
        }
        return found;
    }

    private async Task<(ApprovalRequest Request, ETag ETag)?> FindAsync(string approvalId, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(
            ApprovalRows.Partition, ApprovalRows.KeyOf(approvalId), null, cancellationToken);
        return found.HasValue ? (ApprovalRows.Read(found.Value!), found.Value!.ETag) : null;
    }

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
    }
}
