using AgentWorkflows.Costs;

namespace AgentWorkflows.Sqlite;

/// <summary>Forgets old entries, and totals nothing will count in any more. Runs on the writer.</summary>
internal static class LedgerPurge
{
    public static int Run(SqlConnection db, DateTimeOffset before, int limit)
    {
        var old = db.Query(
            "SELECT sequence, session_id FROM ledger_entries WHERE reserved_at < $1 AND status <> 'Reserved' ORDER BY reserved_at, sequence LIMIT $2",
            reader => (Sequence: reader.GetInt64(0), Session: reader.GetString(1)), StoredJson.Ticks(before), limit);
        foreach (var (sequence, _) in old)
        {
            db.Execute("DELETE FROM ledger_entries WHERE sequence = $1", sequence);
        }
        foreach (var session in old.Select(entry => entry.Session).Distinct(StringComparer.Ordinal))
        {
            db.Execute(
                "DELETE FROM ledger_scopes WHERE scope = $1 AND NOT EXISTS (SELECT 1 FROM ledger_entries WHERE session_id = $2)", CostScopes.Session(session), session);
        }
        if (old.Count < limit)
        {
            // Once, with the last entries: the totals of times are few beside the entries.
            foreach (var scope in db.Query("SELECT scope FROM ledger_scopes", reader => reader.GetString(0)).Where(scope => CostScopes.EndOf(scope) <= before))
            {
                db.Execute("DELETE FROM ledger_scopes WHERE scope = $1", scope);
            }
        }
        return old.Count;
    }
}
