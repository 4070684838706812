using AgentWorkflows.Approvals;
using AgentWorkflows.Azure.Tables;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Approvals;

/// <summary>
/// Approvals on Table Storage. All are in one partition, so that a request, its decision and its places in lists change in one transaction. A partition takes
/// about 2,000 rows a second: hundreds of requests and decisions, more than people make.
/// </summary>
public sealed class TableApprovalStore : IApprovalStore
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

    public Task<IReadOnlyList<ApprovalRequest>> ListAsync(ApprovalStatus? status, string? sessionId, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        // Few are pending, so that their own list is short; the other lists are as long as history.
        var list = (status, sessionId) switch
        {
            (_, { } session) => ApprovalRows.SessionList(session),
            (ApprovalStatus.Pending, null) => ApprovalRows.Pending,
            _ => ApprovalRows.All,
        };
        var narrowed = status is { } wanted ? $" and {ApprovalRows.Status} eq '{wanted}'" : "";
        return ListAsync(list, narrowed, limit, cancellationToken);
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
            if (Refusal(request, decision) is { } refusal)
            {
                return refusal;
            }
            var decided = request with { Status = decision.Status, Decision = decision };
            try
            {
                await _table.SubmitTransactionAsync(Changes(decided, etag), cancellationToken);
                return new DecideOutcome.Decided(decided);
            }
            catch (RequestFailedException e) when (Conflict.Is(e) || e.Status == 404)
            {
                // Somebody decided meanwhile, or this request was repeated after its answer was lost: the stored one says which.
            }
        }
        throw Conflict.TooMany($"The decision about '{approvalId}'");
    }

    public Task<IReadOnlyList<ApprovalRequest>> ListUndeliveredAsync(int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        return ListAsync(ApprovalRows.Undelivered, "", limit, cancellationToken);
    }

    public async Task MarkDeliveredAsync(string approvalId, CancellationToken cancellationToken)
    {
        if (await FindAsync(approvalId, cancellationToken) is var (request, _) && request.Decision is not null)
        {
            await _table.DeleteEntityAsync(ApprovalRows.Partition, ApprovalRows.UndeliveredRow(request).RowKey, ETag.All, cancellationToken);
        }
    }

    private static DecideOutcome? Refusal(ApprovalRequest request, ApprovalDecision decision)
    {
        if (request.Decision is { } made)
        {
            return made.DecisionId == decision.DecisionId ? new DecideOutcome.Decided(request) : new DecideOutcome.AlreadyDecided(request);
        }
        if (request.ArgumentsHash != decision.ArgumentsHash)
        {
            return new DecideOutcome.Stale(request);
        }
        var byPerson = decision.Status is not (ApprovalStatus.Expired or ApprovalStatus.Withdrawn);
        return byPerson && decision.DecidedAt >= request.ExpiresAt ? new DecideOutcome.Expired(request) : null;
    }

    private static IEnumerable<TableTransactionAction> Changes(ApprovalRequest decided, ETag etag) =>
    [
        new(TableTransactionActionType.UpdateReplace, ApprovalRows.RequestRow(decided), etag),
        .. ApprovalRows.ListRows(decided).Select(row => new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, ETag.All)),
        new(TableTransactionActionType.Delete, ApprovalRows.PendingRow(decided), ETag.All),
        new(TableTransactionActionType.Add, ApprovalRows.UndeliveredRow(decided)),
    ];

    private async Task<IReadOnlyList<ApprovalRequest>> ListAsync(string list, string narrowed, int limit, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        var filter = TableKey.RowsOf(ApprovalRows.Partition, list) + narrowed;
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, limit, [ApprovalRows.Id], cancellationToken))
        {
            ids.Add(row.GetString(ApprovalRows.Id));
            if (ids.Count == limit)
            {
                break;
            }
        }
        var requests = await BoundedReads.AllAsync(ids, GetAsync, cancellationToken);
        return [.. requests.OfType<ApprovalRequest>()];
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
