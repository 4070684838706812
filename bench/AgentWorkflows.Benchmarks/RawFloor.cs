using System.Diagnostics;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Benchmarks;

/// <summary>What the disk and SQLite give without an engine: 1 KiB rows keyed (instance, sequence), every commit on stable storage.</summary>
internal static class RawFloor
{
    public sealed record Result(double CommitMicros, double RowsPerSecond64);

    public static Result Measure(string folder, TimeSpan duration)
    {
        using var database = new SqliteDatabase(Path.Combine(folder, "raw.db"));
        database.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;");
        database.Execute("CREATE TABLE row (instance INTEGER NOT NULL, seq INTEGER NOT NULL, body BLOB NOT NULL); CREATE UNIQUE INDEX row_key ON row (instance, seq);");
        Rows(database, 1, duration / 4);
        var single = Rows(database, 1, duration);
        var grouped = Rows(database, 64, duration);
        return new Result(1e6 / single, grouped);
    }

    private static double Rows(SqliteDatabase database, int perCommit, TimeSpan duration)
    {
        var body = new byte[1024];
        var rows = 0L;
        var first = Count(database);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration)
        {
            database.Prepare("BEGIN").Run();
            for (var i = 0; i < perCommit; i++)
            {
                var row = first + rows++;
                database.Prepare("INSERT INTO row VALUES (?1, ?2, ?3)").Bind(1, row % 64).Bind(2, row / 64).BindBlob(3, body).Run();
            }
            database.Prepare("COMMIT").Run();
        }
        return rows / watch.Elapsed.TotalSeconds;
    }

    private static long Count(SqliteDatabase database)
    {
        var statement = database.Prepare("SELECT count(*) FROM row");
        statement.Step();
        var count = statement.Long(0);
        statement.Reset();
        return count + 64;
    }
}
