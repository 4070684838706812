using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sqlite;

/// <summary>Counts from indexes alone, without reading a session.</summary>
internal sealed class SqliteSessionCounts(ProductDatabase database) : ISessionCounts
{
    public Task<IReadOnlyDictionary<SessionStatus, int>?> CountAsync(string? userId, CancellationToken cancellationToken)
    {
        var (all, held) = database.Read(db => userId is null
            ? (Count(db, "SELECT status, COUNT(*) FROM sessions GROUP BY status"),
                Count(db, "SELECT status, COUNT(*) FROM sessions WHERE suspended GROUP BY status"))
            : (Count(db, "SELECT status, COUNT(*) FROM sessions WHERE user_id = $1 GROUP BY status", userId),
                Count(db, "SELECT status, COUNT(*) FROM sessions WHERE suspended AND user_id = $1 GROUP BY status", userId)));
        var counts = new Dictionary<SessionStatus, int>();
        foreach (var (status, number) in all)
        {
            counts[status] = number - held.GetValueOrDefault(status);
        }
        counts[SessionStatus.Suspended] = counts.GetValueOrDefault(SessionStatus.Suspended) + held.Values.Sum();
        return Task.FromResult<IReadOnlyDictionary<SessionStatus, int>?>(counts.Where(count => count.Value > 0).ToDictionary());
    }

    private static Dictionary<SessionStatus, int> Count(SqlConnection db, string sql, params ReadOnlySpan<object?> arguments) =>
        db.Query(sql, reader => (Status: Enum.Parse<SessionStatus>(reader.GetString(0)), Number: reader.GetInt32(1)), arguments)
            .ToDictionary(row => row.Status, row => row.Number);
}
