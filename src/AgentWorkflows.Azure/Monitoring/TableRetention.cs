using AgentWorkflows.Azure.Approvals;
using AgentWorkflows.Azure.Sessions;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Record;
using AgentWorkflows.Words;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Monitoring;

/// <summary>Row by row: rows that are gone already are fine, so that what died half way is taken up again.</summary>
internal sealed class TableRetention : IRetentionStore
{
    private const int MaxLimit = 1000;

    private readonly TableClient _sessions;
    private readonly SessionLists _lists;
    private readonly ResourceTouches _touches;
    private readonly TableClient _approvals;

    public TableRetention(StorageTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _sessions = tables.Sessions;
        _lists = new SessionLists(tables.SessionLists);
        _touches = new ResourceTouches(tables.Touches);
        _approvals = tables.Approvals;
    }

    public async Task<bool> RemoveSessionAsync(string sessionId, DateTimeOffset unchangedSince, CancellationToken cancellationToken)
    {
        var partition = SessionRow.PartitionOf(sessionId);
        if (await FindEndedAsync(partition, unchangedSince, cancellationToken) is not { } session)
        {
            return false;
        }
        await DeleteAsync(partition, $"PartitionKey eq {TableKey.Text(partition)} and RowKey ne {TableKey.Text(SessionRow.Key)}", cancellationToken);
        await DeleteAsync(_sessions, partition, SessionRow.Key, cancellationToken);
        // Last: a row without its session is passed by, a session without its row would never be found again.
        await _lists.RemoveAsync(session, cancellationToken);
        return true;
    }

    public async Task<bool> RemoveDocumentsAsync(string sessionId, DateTimeOffset unchangedSince, CancellationToken cancellationToken)
    {
        var partition = SessionRow.PartitionOf(sessionId);
        if (await FindEndedAsync(partition, unchangedSince, cancellationToken) is null)
        {
            return false;
        }
        // The documents first: while one is left, its parts are not orphans.
        var removed = 0;
        foreach (var kind in new[] { SessionDocuments.DocumentRow, SessionDocuments.PartRow })
        {
            removed += await DeleteAsync(partition, TableKey.RowsOf(partition, kind), cancellationToken);
        }
        return removed > 0;
    }

    public Task<int> PurgeTouchesAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        return _touches.PurgeAsync(before, limit, cancellationToken);
    }

    public async Task<int> PurgeApprovalsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        var removed = 0;
        var rows = _approvals.QueryAsync<TableEntity>(ApprovalRows.MadeBefore(before), MaxLimit, [ApprovalRows.Id], cancellationToken);
        await foreach (var row in rows)
        {
            if (removed == limit)
            {
                break;
            }
            removed += await TryRemoveApprovalAsync(row.GetString(ApprovalRows.Id), cancellationToken) ? 1 : 0;
        }
        return removed;
    }

    private async Task<SessionRecord?> FindEndedAsync(string partition, DateTimeOffset unchangedSince, CancellationToken cancellationToken)
    {
        var found = await _sessions.GetEntityIfExistsAsync<TableEntity>(partition, SessionRow.Key, null, cancellationToken);
        var session = found.HasValue ? SessionRow.Read(found.Value!) : null;
        return session is not null && session.Progress.Status.IsTerminal() && session.UpdatedAt <= unchangedSince ? session : null;
    }

    private async Task<int> DeleteAsync(string partition, string filter, CancellationToken cancellationToken)
    {
        var deleted = 0;
        var rows = _sessions.QueryAsync<TableEntity>(filter, MaxLimit, ["RowKey"], cancellationToken);
        await foreach (var some in rows.Chunk(BoundedReads.AtOnce, cancellationToken))
        {
            await Task.WhenAll(some.Select(row => DeleteAsync(_sessions, partition, row.RowKey, cancellationToken)));
            deleted += some.Count;
        }
        return deleted;
    }

    private async Task<bool> TryRemoveApprovalAsync(string approvalId, CancellationToken cancellationToken)
    {
        var found = await _approvals.GetEntityIfExistsAsync<TableEntity>(ApprovalRows.Partition, ApprovalRows.KeyOf(approvalId), null, cancellationToken);
        if (!found.HasValue || ApprovalRows.Read(found.Value!) is not { Decision: not null } request)
        {
            return false;
        }
        var undelivered = ApprovalRows.UndeliveredRow(request).RowKey;
        if ((await _approvals.GetEntityIfExistsAsync<TableEntity>(ApprovalRows.Partition, undelivered, ["RowKey"], cancellationToken)).HasValue)
        {
            return false;
        }
        // One transaction: a request is in its lists, or nowhere.
        var rows = ApprovalRows.ListRows(request).Append(ApprovalRows.RequestRow(request));
        await _approvals.SubmitTransactionAsync(
            rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
        return true;
    }

    private static Task<Response> DeleteAsync(TableClient table, string partition, string key, CancellationToken cancellationToken) =>
        table.DeleteEntityAsync(partition, key, ETag.All, cancellationToken);

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
    }
}
