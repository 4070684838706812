using AgentWorkflows.Approvals;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Server.Storage;

internal sealed class SqliteApprovalStore(ProductDatabase database) : IApprovalStore
{
    private const int MaxLimit = 1000;

    public Task<ApprovalRequest> CreateAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        var json = StoredJson.Write(request);
        return database.WriteAsync(
            db =>
            {
                db.Execute(
                    "INSERT INTO approvals (id, session_id, status, arguments_hash, expires_at, request) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                    request.Id, request.SessionId, request.Status.ToString(), request.ArgumentsHash, StoredJson.Ticks(request.ExpiresAt), json);
                return Find(db, request.Id)!;
            },
            cancellationToken);
    }

    public Task<ApprovalRequest?> GetAsync(string approvalId, CancellationToken cancellationToken) =>
        Task.FromResult(database.Read(db => Find(db, approvalId)));

    public Task<IReadOnlyList<ApprovalRequest>> ListAsync(ApprovalStatus? status, string? sessionId, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        var sql = "SELECT request FROM approvals"
            + (status, sessionId) switch
            {
                (null, null) => " WHERE $1 IS $1 AND $2 IS $2",
                (_, null) => " WHERE status = $1 AND $2 IS $2",
                (null, _) => " WHERE session_id = $2 AND $1 IS $1",
                _ => " WHERE status = $1 AND session_id = $2",
            }
            + " ORDER BY sequence DESC LIMIT $3";
        return Task.FromResult<IReadOnlyList<ApprovalRequest>>(database.Read(db => db.Query(sql, Read, status?.ToString(), sessionId, limit)));
    }

    public Task<DecideOutcome> DecideAsync(string approvalId, ApprovalDecision decision, CancellationToken cancellationToken) =>
        database.WriteAsync(db => Decide(db, approvalId, decision), cancellationToken);

    public Task<IReadOnlyList<ApprovalRequest>> ListUndeliveredAsync(int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        return Task.FromResult<IReadOnlyList<ApprovalRequest>>(database.Read(db => db.Query(
            "SELECT request FROM approvals WHERE delivered = 0 AND status <> 'Pending' ORDER BY sequence LIMIT $1", Read, limit)));
    }

    public Task MarkDeliveredAsync(string approvalId, CancellationToken cancellationToken) =>
        database.WriteAsync(db => db.Execute("UPDATE approvals SET delivered = 1 WHERE id = $1", approvalId), cancellationToken);

    /// <summary>Runs alone on the writer, so what is read here is still so when it is written.</summary>
    private static DecideOutcome Decide(SqlConnection db, string approvalId, ApprovalDecision decision)
    {
        if (Find(db, approvalId) is not { } request)
        {
            return new DecideOutcome.NotFound();
        }
        if (request.Decision is { } made)
        {
            return made.DecisionId == decision.DecisionId ? new DecideOutcome.Decided(request) : new DecideOutcome.AlreadyDecided(request);
        }
        if (request.ArgumentsHash != decision.ArgumentsHash)
        {
            return new DecideOutcome.Stale(request);
        }
        var byPerson = decision.Status is not (ApprovalStatus.Expired or ApprovalStatus.Withdrawn);
        if (byPerson && decision.DecidedAt >= request.ExpiresAt)
        {
            return new DecideOutcome.Expired(request);
        }
        var decided = request with { Status = decision.Status, Decision = decision };
        db.Execute(
            "UPDATE approvals SET status = $2, decision_id = $3, request = $4 WHERE id = $1",
            approvalId, decision.Status.ToString(), decision.DecisionId, StoredJson.Write(decided));
        return new DecideOutcome.Decided(decided);
    }

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
    }

    private static ApprovalRequest? Find(SqlConnection db, string approvalId) =>
        db.QuerySingle("SELECT request FROM approvals WHERE id = $1", Read, approvalId);

    private static ApprovalRequest Read(SqliteDataReader reader) => StoredJson.Read<ApprovalRequest>(reader.GetString(0));
}
