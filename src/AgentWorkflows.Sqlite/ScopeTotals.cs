using System.Collections.Concurrent;
using System.Globalization;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sqlite;

/// <summary>What is settled and reserved in each scope, several at a time: every statement costs the writer time, and each call has five scopes.</summary>
internal static class ScopeTotals
{
    private static readonly ConcurrentDictionary<int, (string Read, string Add)> Statements = new();

    /// <summary>Only scopes that have a total.</summary>
    public static Dictionary<string, Micros> Read(SqlConnection db, string[] scopes)
    {
        var totals = new Dictionary<string, Micros>(scopes.Length, StringComparer.Ordinal);
        if (scopes.Length == 0)
        {
            return totals;
        }
        foreach (var (scope, used) in db.Query(StatementsFor(scopes.Length).Read, reader => (reader.GetString(0), reader.GetInt64(1)), scopes))
        {
            totals[scope] = used;
        }
        return totals;
    }

    public static void Add(SqlConnection db, string[] scopes, Micros micros)
    {
        if (micros != 0 && scopes.Length > 0)
        {
            db.Execute(StatementsFor(scopes.Length).Add, [.. scopes, micros.Value]);
        }
    }

    private static (string Read, string Add) StatementsFor(int scopes) => Statements.GetOrAdd(scopes, static count =>
    {
        var numbers = Enumerable.Range(1, count).Select(i => "$" + i.ToString(CultureInfo.InvariantCulture)).ToArray();
        var amount = "$" + (count + 1).ToString(CultureInfo.InvariantCulture);
        return (
            $"SELECT scope, used FROM ledger_scopes WHERE scope IN ({string.Join(", ", numbers)})",
            $"""
            INSERT INTO ledger_scopes (scope, used) VALUES {string.Join(", ", numbers.Select(number => $"({number}, {amount})"))}
            ON CONFLICT (scope) DO UPDATE SET used = used + excluded.used
            """);
    });
}
