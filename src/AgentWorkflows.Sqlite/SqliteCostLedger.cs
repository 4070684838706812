using System.Runtime.CompilerServices;
using AgentWorkflows.Costs;
using AgentWorkflows.Words;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Sqlite;

/// <summary>All changes run alone on the writer: between reading a scope's total and writing it nothing else happens, so no cap can be passed.</summary>
internal sealed class SqliteCostLedger(ProductDatabase database) : ICostLedger
{
    private const string Columns = "id, status, reserved, cost, scopes, entry, actual, reserved_at, settled_at, expires_at, begun_at, expired";
    private const int MaxAtOnce = 1000;
    private const int ReadPage = 1000;

    public Task<ReserveOutcome> ReserveAsync(
        CostEntry entry, Micros worstCaseMicros, IReadOnlyList<CostCap> caps, DateTimeOffset now, CancellationToken cancellationToken)
    {
        CostEntry.RequireAmount(worstCaseMicros);
        var json = StoredJson.Write(entry);
        return database.WriteAsync(db => Reserve(db, entry, json, worstCaseMicros, caps, now), cancellationToken);
    }

    public Task<BeginOutcome> BeginAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(db => Begin(db, entryId, now), cancellationToken);

    public Task<(ReserveOutcome Reserved, BeginOutcome? Begun)> ReserveAndBeginAsync(
        CostEntry entry, Micros worstCaseMicros, IReadOnlyList<CostCap> caps, DateTimeOffset now, CancellationToken cancellationToken)
    {
        CostEntry.RequireAmount(worstCaseMicros);
        var json = StoredJson.Write(entry);
        return database.WriteAsync(
            db =>
            {
                var outcome = Reserve(db, entry, json, worstCaseMicros, caps, now);
                return (outcome, outcome is ReserveOutcome.Reserved { AlreadyBegun: false } ? Begin(db, entry.Id, now) : (BeginOutcome?)null);
            },
            cancellationToken);
    }

    public Task SettleAsync(string entryId, CostActual actual, DateTimeOffset now, CancellationToken cancellationToken)
    {
        CostEntry.RequireAmount(actual.CostMicros);
        return database.WriteAsync(db =>
        {
            var known = Find(db, entryId) ?? throw EntryRules.Unknown(entryId);
            return Apply(db, known, EntryRules.Settle(known.Entry, actual, now));
        }, cancellationToken);
    }

    public Task ReleaseAsync(string entryId, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(db => Find(db, entryId) is { } known && Apply(db, known, EntryRules.Release(known.Entry, now)), cancellationToken);

    public Task<IReadOnlyList<LedgerEntry>> ExpireAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        return database.WriteAsync<IReadOnlyList<LedgerEntry>>(db => Expire(db, now, limit), cancellationToken);
    }

    public Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        RequireLimit(limit);
        return database.WriteAsync(db => LedgerPurge.Run(db, before, limit), cancellationToken);
    }

    public async IAsyncEnumerable<LedgerEntry> ReadAsync(DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (after, sequence) = (StoredJson.Ticks(from), 0L);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = database.Read(db => db.Query(
                $"SELECT {Columns}, sequence FROM ledger_entries WHERE (reserved_at, sequence) > ($1, $2) AND reserved_at < $3 ORDER BY reserved_at, sequence LIMIT $4",
                reader => (Read(reader).Entry, Sequence: reader.GetInt64(12)), after, sequence, StoredJson.Ticks(to), ReadPage));
            foreach (var (entry, _) in page)
            {
                yield return entry;
            }
            if (page.Count < ReadPage)
            {
                yield break;
            }
            (after, sequence) = (StoredJson.Ticks(page[^1].Entry.ReservedAt), page[^1].Sequence);
        }
    }

    public Task<IReadOnlyList<LedgerEntry>> ListAsync(string sessionId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LedgerEntry>>(database.Read(db =>
            db.Query($"SELECT {Columns} FROM ledger_entries WHERE session_id = $1 ORDER BY sequence", Read, sessionId).ConvertAll(row => row.Entry)));

    private static void RequireLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxAtOnce);
    }

    private static BeginOutcome Begin(SqlConnection db, string entryId, DateTimeOffset now)
    {
        var begun = db.Execute("UPDATE ledger_entries SET begun_at = $2 WHERE id = $1 AND status = 'Reserved' AND begun_at IS NULL", entryId, StoredJson.Ticks(now));
        return begun > 0 ? BeginOutcome.Begun : EntryRules.CanBegin(Find(db, entryId)?.Entry);
    }

    private static ReserveOutcome Reserve(
        SqlConnection db, CostEntry entry, string json, Micros worstCase, IReadOnlyList<CostCap> caps, DateTimeOffset now)
    {
        if (EntryRules.Answer(Find(db, entry.Id)?.Entry) is { } answer)
        {
            return answer;
        }
        var refusal = Refusal(db, worstCase, caps);
        if (refusal is not null && Expire(db, now, MaxAtOnce).Count > 0)
        {
            refusal = Refusal(db, worstCase, caps);
        }
        if (refusal is not null)
        {
            return refusal;
        }
        var reserved = EntryRules.Reserved(entry, worstCase, now);
        db.Execute(
            """
            INSERT INTO ledger_entries (id, session_id, status, reserved, cost, scopes, entry, reserved_at, expires_at) VALUES ($1, $2, 'Reserved', $3, 0, $4, $5, $6, $7)
            ON CONFLICT (id) DO UPDATE SET
                status = 'Reserved', reserved = excluded.reserved, scopes = excluded.scopes, reserved_at = excluded.reserved_at, expires_at = excluded.expires_at,
                begun_at = NULL, settled_at = NULL, expired = 0
            """,
            entry.Id, entry.SessionId, worstCase.Value, ScopeText.Join(caps), json, StoredJson.Ticks(now), StoredJson.Ticks(reserved.ExpiresAt));
        ScopeTotals.Add(db, [.. caps.Select(cap => cap.Scope)], worstCase);
        return new ReserveOutcome.Reserved(worstCase, AlreadyReserved: false);
    }

    private static ReserveOutcome.Refused? Refusal(SqlConnection db, Micros worstCase, IReadOnlyList<CostCap> caps)
    {
        var totals = ScopeTotals.Read(db, [.. caps.Select(cap => cap.Scope)]);
        // Written as a subtraction: used + worst case could overflow.
        var full = caps.FirstOrDefault(cap => worstCase > cap.LimitMicros - totals.GetValueOrDefault(cap.Scope));
        return full is null ? null : new ReserveOutcome.Refused(full.Scope, totals.GetValueOrDefault(full.Scope), worstCase, full.LimitMicros);
    }

    private static List<LedgerEntry> Expire(SqlConnection db, DateTimeOffset now, int limit)
    {
        var overdue = db.Query(
            $"SELECT {Columns} FROM ledger_entries WHERE status = 'Reserved' AND expires_at <= $1 ORDER BY expires_at LIMIT $2", Read, StoredJson.Ticks(now), limit);
        var expired = new List<LedgerEntry>(overdue.Count);
        foreach (var known in overdue)
        {
            var change = EntryRules.Expire(known.Entry, now);
            Apply(db, known, change);
            expired.Add(change?.Entry ?? known.Entry);
        }
        return expired;
    }

    private static bool Apply(SqlConnection db, StoredEntry known, EntryChange? change)
    {
        if (change is not { Entry: { } entry })
        {
            return false;
        }
        db.Execute(
            "UPDATE ledger_entries SET status = $2, cost = $3, actual = $4, settled_at = $5, expired = $6 WHERE id = $1",
            entry.Entry.Id, entry.Status.ToString(), entry.CostMicros.Value, entry.Actual is null ? null : StoredJson.Write(entry.Actual),
            entry.SettledAt is { } at ? StoredJson.Ticks(at) : null, entry.Expired ? 1 : 0);
        ScopeTotals.Add(db, known.Scopes, change.DeltaMicros);
        return true;
    }

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
            ExpiresAt = StoredJson.Time(reader.GetInt64(9)),
            BegunAt = reader.IsDBNull(10) ? null : StoredJson.Time(reader.GetInt64(10)),
            Expired = reader.GetInt64(11) != 0,
        },
        ScopeText.Split(reader.GetString(4)));

    private sealed record StoredEntry(LedgerEntry Entry, string[] Scopes);
}
