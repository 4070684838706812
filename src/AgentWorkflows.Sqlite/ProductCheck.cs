using System.Text.Json;
using AgentWorkflows.Words;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Sqlite;

/// <summary>Verifies the product's database: SQLite's own structure, rows of sessions that are not there, and documents that are not JSON. Changes nothing.</summary>
internal static class ProductCheck
{
    private static readonly string[] OfSessions = ["documents", "timeline", "approvals", "touches"];

    private static readonly (string Table, string Column, string Name)[] Json =
    [
        ("sessions", "progress", "id"), ("sessions", "context", "id"), ("documents", "content", "session_id || '/' || turn || '/' || step"),
        ("timeline", "entry", "session_id || '/' || key"), ("approvals", "request", "id"), ("ledger_entries", "entry", "id"), ("snapshots", "definition", "hash"),
    ];

    /// <exception cref="NewerDatabaseException">A newer version of the program wrote it.</exception>
    public static ProductReport Run(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        using var db = new SqlConnection(path, SqliteOpenMode.ReadWrite);
        db.Execute("PRAGMA query_only = 1");
        var schema = Migrations.Require(db, path);
        var problems = new List<string>();
        try
        {
            problems.AddRange(db.Query("PRAGMA integrity_check(100)", reader => reader.GetString(0)).Where(text => text != "ok"));
            return schema == 0 ? new ProductReport(0, 0, 0, problems) : Check(db, schema, problems);
        }
        catch (SqliteException e)
        {
            // What could be read before is worth knowing.
            problems.Add(e.Message);
            return new ProductReport(schema, 0, 0, problems);
        }
    }

    /// <summary>The status of every session by its id, at one moment.</summary>
    public static IReadOnlyDictionary<string, SessionStatus> ReadStatuses(string path)
    {
        using var db = new SqlConnection(path, SqliteOpenMode.ReadWrite);
        db.Execute("PRAGMA query_only = 1");
        return db.Query("SELECT id, status FROM sessions", reader => (Id: reader.GetString(0), Status: Enum.Parse<SessionStatus>(reader.GetString(1))))
            .ToDictionary(session => session.Id, session => session.Status, StringComparer.Ordinal);
    }

    private static ProductReport Check(SqlConnection db, long schema, List<string> problems)
    {
        db.Execute("BEGIN");
        foreach (var table in OfSessions)
        {
            problems.AddRange(db.Query(
                $"SELECT '{table}: ' || count(*) || ' rows of session ''' || session_id || ''', which is not there' FROM {table} "
                + "WHERE session_id NOT IN (SELECT id FROM sessions) GROUP BY session_id LIMIT 100",
                reader => reader.GetString(0)));
        }
        problems.AddRange(db.Query(
            "SELECT 'session ''' || id || ''': the definition it runs on (' || snapshot_hash || ') is not there' FROM sessions "
            + "WHERE snapshot_hash NOT IN (SELECT hash FROM snapshots) LIMIT 100",
            reader => reader.GetString(0)));
        var documents = 0L;
        foreach (var (table, column, name) in Json)
        {
            foreach (var (row, text) in Texts(db, table, column, name))
            {
                documents++;
                if (Fault(text) is { } fault)
                {
                    problems.Add($"{table} '{row}': its {column} is not JSON: {fault}");
                }
            }
        }
        return new ProductReport(schema, db.QuerySingle("SELECT count(*) FROM sessions", reader => reader.GetInt64(0)), documents, problems);
    }

    /// <summary>A page at a time: documents can be large.</summary>
    private static IEnumerable<(string Row, string Text)> Texts(SqlConnection db, string table, string column, string name)
    {
        var after = 0L;
        while (true)
        {
            var page = db.Query(
                $"SELECT rowid, {name}, {column} FROM {table} WHERE rowid > $1 ORDER BY rowid LIMIT 100",
                reader => (Key: reader.GetInt64(0), Row: reader.GetString(1), Text: reader.GetString(2)), after);
            foreach (var (_, row, text) in page)
            {
                yield return (row, text);
            }
            if (page.Count < 100)
            {
                yield break;
            }
            after = page[^1].Key;
        }
    }

    private static string? Fault(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 256 });
            return null;
        }
        catch (JsonException e)
        {
            return e.Message;
        }
    }
}

/// <param name="Documents">Texts that were read and parsed.</param>
internal sealed record ProductReport(long Schema, long Sessions, long Documents, IReadOnlyList<string> Problems);
