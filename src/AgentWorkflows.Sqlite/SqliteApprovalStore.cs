using System.Globalization;
using AgentWorkflows.Approvals;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Sqlite;

internal sealed class SqliteApprovalStore(ProductDatabase database) : IApprovalStore
{
    private const int MaxLimit = 1000;
    private const string WaitsFor = "(NOT EXISTS (SELECT 1 FROM json_each(request, '$.stages')) OR EXISTS "
        + "(SELECT 1 FROM json_each(request, '$.stages') AS stage, json_each(stage.value, '$.approvers') AS person WHERE person.value = {0}) OR EXISTS "
        + "(SELECT 1 FROM json_each(request, '$.stages') AS stage WHERE json_array_length(stage.value, '$.approvers') = 0))";

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

    public Task<IReadOnlyList<ApprovalRequest>> ListAsync(ApprovalQuery query, CancellationToken cancellationToken)
    {
        RequireLimit(query.Limit);
        var conditions = new List<string>();
        var arguments = new List<object?>();
        Narrow(query.Status?.ToString(), "status = {0}");
        Narrow(query.SessionId, "session_id = {0}");
        Narrow(query.UserId, "json_extract(request, '$.userId') = {0}");
        Narrow(query.Approver is { } approver ? Approver.Normalize(approver) : null, WaitsFor);
        arguments.Add(query.Limit);
        var where = conditions.Count > 0 ? " WHERE " + string.Join(" AND ", conditions) : "";
        var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT request FROM approvals{where} ORDER BY sequence DESC LIMIT ${arguments.Count}");
        return Task.FromResult<IReadOnlyList<ApprovalRequest>>(database.Read(db => db.Query(sql, Read, [.. arguments])));

        void Narrow(string? value, string condition)
        {
            if (value is not null)
            {
                arguments.Add(value);
                conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, string.Create(CultureInfo.InvariantCulture, $"${arguments.Count}")));
            }
        }
    }

    public Task<DecideOutcome> DecideAsync(string approvalId, ApprovalDecision decision, CancellationToken cancellationToken) =>
        database.WriteAsync(db => Decide(db, approvalId, decision), cancellationToken);

    public Task<ApprovalRequest?> PutNoticesAsync(string approvalId, IReadOnlyList<ApprovalNotice> notices, CancellationToken cancellationToken) =>
        database.WriteAsync(
            db =>
            {
                if (Find(db, approvalId) is not { } request)
                {
                    return null;
                }
                var changed = ApprovalArbiter.WithNotices(request, notices);
                db.Execute("UPDATE approvals SET request = $2 WHERE id = $1", approvalId, StoredJson.Write(changed));
                return changed;
            },
            cancellationToken);

    public Task<IReadOnlyList<UndeliveredDecision>> ListUndeliveredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        return Task.FromResult<IReadOnlyList<UndeliveredDecision>>(database.Read(db => db.Query(
            "SELECT request, told FROM approvals WHERE delivered = 0 AND status <> 'Pending' AND tell_at <= $1 ORDER BY sequence LIMIT $2",
            reader => new UndeliveredDecision(Read(reader), reader.GetInt32(1)), now.UtcTicks, limit)));
    }

    public Task PutOffDeliveryAsync(string approvalId, DecisionTold told, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(told);
        return database.WriteAsync(
            db => db.Execute(
                "UPDATE approvals SET told = $2, tell_at = $3 WHERE id = $1 AND delivered = 0 AND status <> 'Pending'", approvalId, told.Times, told.NextAt.UtcTicks),
            cancellationToken);
    }

    public Task MarkDeliveredAsync(string approvalId, CancellationToken cancellationToken) =>
        database.WriteAsync(db => db.Execute("UPDATE approvals SET delivered = 1 WHERE id = $1", approvalId), cancellationToken);

    /// <summary>Runs alone on the writer, so what is read here is still so when it is written.</summary>
    private static DecideOutcome Decide(SqlConnection db, string approvalId, ApprovalDecision decision)
    {
        var (outcome, changed) = ApprovalArbiter.Decide(Find(db, approvalId), decision);
        if (changed is not null)
        {
            db.Execute(
                "UPDATE approvals SET status = $2, decision_id = $3, request = $4 WHERE id = $1",
                approvalId, changed.Status.ToString(), changed.Decision?.DecisionId, StoredJson.Write(changed));
        }
        return outcome;
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
