using Microsoft.Data.Sqlite;

namespace OrderDesk;

/// <summary>One transaction on the order desk's file.</summary>
internal sealed class OrderDeskTransaction(SqliteConnection connection, SqliteTransaction transaction)
{
    public int Run(string sql, params ReadOnlySpan<(string Name, object Value)> values) => connection.Run(transaction, sql, values);

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> values) =>
        connection.Query(transaction, sql, read, values);

    /// <summary>What a key did before; <c>null</c> when it was never used.</summary>
    public Effect? FindEffect(string idempotencyKey) =>
        Query(
            "SELECT tool, outcome, result FROM effects WHERE idempotency_key = $key",
            row => new Effect(row.GetString(0), row.GetString(1) == "withdrawn", row.GetString(2)),
            ("$key", idempotencyKey)).FirstOrDefault();

    public void AddEffect(string idempotencyKey, string tool, string sessionId, bool withdrawn, string result, DateTimeOffset at) =>
        Run(
            "INSERT INTO effects VALUES ($key, $tool, $session, $outcome, $result, $at)",
            ("$key", idempotencyKey), ("$tool", tool), ("$session", sessionId), ("$outcome", withdrawn ? "withdrawn" : "done"), ("$result", result),
            ("$at", at.ToString("O")));
}

/// <param name="Withdrawn">The call was taken back before it ran, and must not run any more.</param>
internal sealed record Effect(string Tool, bool Withdrawn, string Result);
