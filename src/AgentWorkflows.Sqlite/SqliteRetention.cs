using AgentWorkflows.Approvals;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sqlite;

/// <summary>Each call is one transaction. The file keeps its size; what was freed is used again.</summary>
internal sealed class SqliteRetention(ProductDatabase database) : IRetentionStore
{
    private const int MaxLimit = 1000;

    public Task<bool> RemoveSessionAsync(string sessionId, DateTimeOffset unchangedSince, CancellationToken cancellationToken) => database.WriteAsync(
        db =>
        {
            if (!HasEnded(db, sessionId, unchangedSince))
            {
                return false;
            }
            db.Execute("DELETE FROM documents WHERE session_id = $1", sessionId);
            db.Execute("DELETE FROM timeline WHERE session_id = $1", sessionId);
            db.Execute("DELETE FROM sessions WHERE id = $1", sessionId);
            return true;
        },
        cancellationToken);

    public Task<bool> RemoveDocumentsAsync(string sessionId, DateTimeOffset unchangedSince, CancellationToken cancellationToken) => database.WriteAsync(
        db => HasEnded(db, sessionId, unchangedSince) && db.Execute("DELETE FROM documents WHERE session_id = $1", sessionId) > 0, cancellationToken);

    public Task<int> PurgeTouchesAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        return database.WriteAsync(
            db => db.Execute(
                "DELETE FROM touches WHERE sequence IN (SELECT sequence FROM touches WHERE at < $1 ORDER BY at LIMIT $2)", StoredJson.Ticks(before), limit),
            cancellationToken);
    }

    public Task<int> PurgeApprovalsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        return database.WriteAsync(
            db =>
            {
                // In the order of their making, which is that of their times: what a clock set back has put later is found on another day.
                var oldest = db.Query(
                    "SELECT sequence, request FROM approvals WHERE delivered = 1 AND status <> 'Pending' ORDER BY sequence LIMIT $1",
                    reader => (Sequence: reader.GetInt64(0), Request: StoredJson.Read<ApprovalRequest>(reader.GetString(1))), limit);
                var old = oldest.Where(row => row.Request.RequestedAt < before).ToList();
                foreach (var (sequence, _) in old)
                {
                    db.Execute("DELETE FROM approvals WHERE sequence = $1", sequence);
                }
                return old.Count;
            },
            cancellationToken);
    }

    private static bool HasEnded(SqlConnection db, string sessionId, DateTimeOffset unchangedSince) => db.QuerySingle(
        "SELECT status FROM sessions WHERE id = $1 AND updated_at <= $2", reader => reader.GetString(0),
        sessionId, StoredJson.Ticks(unchangedSince)) is { } status
        && Enum.Parse<SessionStatus>(status).IsTerminal();

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
    }
}
