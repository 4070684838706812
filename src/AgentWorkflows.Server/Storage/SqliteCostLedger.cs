using AgentWorkflows.Costs;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Server.Storage;

/// <summary>All changes run alone on the writer: between reading a scope's total and writing it nothing else happens, so no cap can be passed.</summary>
internal sealed class SqliteCostLedger(ProductDatabase database) : ICostLedger
{
    private const string Columns = "id, status, reserved, cost, scopes, entry, actual, reserved_at, settled_at";

    public Task<ReserveOutcome> ReserveAsync(
        CostEntry entry, long worstCaseMicros, IReadOnlyList<CostCap> caps, DateTimeOffset now, CancellationToken cancellationToken)
    {
        CostEntry.RequireAmount(worstCaseMicros);
        var json = StoredJson.Write(entry);
        return database.WriteAsync(db => Reserve(db, entry, json, worstCaseMicros, caps, now), cancellationToken);
    }

    public Task SettleAsync(string entryId, CostActual actual, DateTimeOffset now, CancellationToken cancellationToken)
    {
        CostEntry.RequireAmount(actual.CostMicros);
        return database.WriteAsync(db => Settle(db, entryId, actual, now), cancellationToken);
    }

    public Task ReleaseAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(db => Release(db, entryId, now), cancellationToken);

    public Task<IReadOnlyList<LedgerEntry>> ListAsync(string sessionId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>(database.Read(db =>
            db.Query($"SELECT {Columns} FROM ledger_entries WHERE session_id = $1 ORDER BY sequence", Read, sessionId).ConvertAll(row => row.Entry)));

    private static ReserveOutcome Reserve(
        SqlConnection db, CostEntry entry, string json, long worstCase, IReadOnlyList<CostCap> caps, DateTimeOffset now)
    {
        switch (Find(db, entry.Id)?.Entry)
        {
            case { Status: LedgerEntryStatus.Reserved } reserved:
                return new ReserveOutcome.Reserved(reserved.ReservedMicros, AlreadyReserved: true);
            case { Status: LedgerEntryStatus.Settled } settled:
                return new ReserveOutcome.AlreadySettled(settled);
        }
        foreach (var cap in caps)
        {
            var used = db.QuerySingle("SELECT used FROM ledger_scopes WHERE scope = $1", reader => reader.GetInt64(0), cap.Scope);
            // Written as a subtraction: used + worst case could overflow.
            if (worstCase > cap.LimitMicros - used)
            {
                return new ReserveOutcome.Refused(cap.Scope, used, worstCase, cap.LimitMicros);
            }
        }
        db.Execute(
            """
            INSERT INTO ledger_entries (id, session_id, status, reserved, cost, scopes, entry, reserved_at) VALUES ($1, $2, 'Reserved', $3, 0, $4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET
                status = 'Reserved', reserved = excluded.reserved, scopes = excluded.scopes, reserved_at = excluded.reserved_at, settled_at = NULL
            """,
            entry.Id, entry.SessionId, worstCase, ScopeText.Join(caps), json, StoredJson.Ticks(now));
        foreach (var cap in caps)
        {
            AddTo(db, cap.Scope, worstCase);
        }
        return new ReserveOutcome.Reserved(worstCase, AlreadyReserved: false);
    }

    private static int Settle(SqlConnection db, string entryId, CostActual actual, DateTimeOffset now)
    {
        var known = Find(db, entryId) ?? throw new InvalidOperationException($"There is no cost entry '{entryId}' to settle; reserve first.");
        if (known.Entry.Status == LedgerEntryStatus.Settled)
        {
            if (known.Entry.CostMicros == actual.CostMicros)
            {
                return 0;
            }
            throw new InvalidOperationException($"Cost entry '{entryId}' is settled at {known.Entry.CostMicros} micro-USD; it cannot be settled at {actual.CostMicros}.");
        }
        db.Execute(
            "UPDATE ledger_entries SET status = 'Settled', cost = $2, actual = $3, settled_at = $4 WHERE id = $1",
            entryId, actual.CostMicros, StoredJson.Write(actual), StoredJson.Ticks(now));
        var counted = known.Entry.Status == LedgerEntryStatus.Reserved ? known.Entry.ReservedMicros : 0;
        foreach (var scope in known.Scopes)
        {
            AddTo(db, scope, actual.CostMicros - counted);
        }
        return 1;
    }

    private static int Release(SqlConnection db, string entryId, DateTimeOffset now)
    {
        if (Find(db, entryId) is not { Entry.Status: LedgerEntryStatus.Reserved } known)
        {
            return 0;
        }
        foreach (var scope in known.Scopes)
        {
            AddTo(db, scope, -known.Entry.ReservedMicros);
        }
        return db.Execute("UPDATE ledger_entries SET status = 'Released', settled_at = $2 WHERE id = $1", entryId, StoredJson.Ticks(now));
    }

    private static void AddTo(SqlConnection db, string scope, long micros) => db.Execute(
        "INSERT INTO ledger_scopes (scope, used) VALUES ($1, $2) ON CONFLICT (scope) DO UPDATE SET used = used + excluded.used", scope, micros);

    private static StoredEntry? Find(SqlConnection db, string entryId) =>
        db.QuerySingle($"SELECT {Columns} FROM ledger_entries WHERE id = $1", Read, entryId);

    private static StoredEntry Read(SqliteDataReader reader) => new(
        new LedgerEntry
        {
            Entry = StoredJson.Read<CostEntry>(reader.GetString(5)),
            Status = Enum.Parse<LedgerEntryStatus>(reader.GetString(1)),
            ReservedMicros = reader.GetInt64(2),
            CostMicros = reader.GetInt64(3),
            Actual = reader.IsDBNull(6) ? null : StoredJson.Read<CostActual>(reader.GetString(6)),
            ReservedAt = StoredJson.Time(reader.GetInt64(7)),
            SettledAt = reader.IsDBNull(8) ? null : StoredJson.Time(reader.GetInt64(8)),
        },
        ScopeText.Split(reader.GetString(4)));

    private sealed record StoredEntry(LedgerEntry Entry, string[] Scopes);
}
