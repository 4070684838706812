using System.Globalization;
using AgentWorkflows.Operations;

namespace AgentWorkflows.Sqlite;

internal sealed class SqliteDailyClaims(ProductDatabase database) : IDailyClaims
{
    public Task<DailyClaim> TryTakeAsync(
        string work, DateOnly day, DateTimeOffset now, TimeSpan hold, CancellationToken cancellationToken) => database.WriteAsync(
        db =>
        {
            var taken = db.Execute(
                """
                INSERT INTO daily_claims (work, day, held_until) VALUES ($1, $2, $3)
                ON CONFLICT DO UPDATE SET held_until = $3 WHERE done_at IS NULL AND held_until <= $4
                """,
                work, Text(day), StoredJson.Ticks(now + hold), StoredJson.Ticks(now));
            if (taken > 0)
            {
                return DailyClaim.Taken;
            }
            return db.QuerySingle("SELECT done_at IS NOT NULL FROM daily_claims WHERE work = $1 AND day = $2", reader => reader.GetBoolean(0), work, Text(day))
                ? DailyClaim.Done
                : DailyClaim.Held;
        },
        cancellationToken);

    public Task CompleteAsync(string work, DateOnly day, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Execute(
            "INSERT INTO daily_claims (work, day, held_until, done_at) VALUES ($1, $2, $3, $3) ON CONFLICT DO UPDATE SET done_at = COALESCE(done_at, $3)",
            work, Text(day), StoredJson.Ticks(now)),
        cancellationToken);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
