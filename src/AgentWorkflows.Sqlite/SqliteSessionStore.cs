using System.Text;
using System.Text.Json;
using AgentWorkflows.Record;
using AgentWorkflows.Words;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Sqlite;

/// <param name="announce">Told the session of every write that people see, after it is durable.</param>
internal sealed class SqliteSessionStore(ProductDatabase database, TimeProvider time, Action<string>? announce = null) : ISessionStore
{
    public const int MaxDocumentBytes = 4 * 1024 * 1024;

    private const string Columns = "id, agent, agent_version, snapshot_hash, goal, task_type, user_id, context, created_at, updated_at, progress, answer, suspended, forked_from, forked_turn, feedback";

    private static readonly string Ended = string.Join(", ", SessionStatuses.Ended.Select(status => $"'{status}'"));

    public Task<bool> TryCreateAsync(SessionRecord session, CancellationToken cancellationToken)
    {
        var progress = StoredJson.Write(session.Progress);
        var context = session.Context.GetRawText();
        return WriteVisiblyAsync(
            session.Id,
            db => db.Execute(
                """
                INSERT INTO sessions (id, agent, agent_version, snapshot_hash, goal, task_type, user_id, context, created_at, updated_at, status, revision, progress,
                    forked_from, forked_turn)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING
                """,
                session.Id, session.Agent, session.AgentVersion, session.SnapshotHash, session.Goal, session.TaskType, session.UserId, context,
                StoredJson.Ticks(session.CreatedAt), StoredJson.Ticks(session.UpdatedAt), session.Progress.Status.ToString(), session.Progress.Revision, progress,
                session.ForkedFrom?.SessionId, session.ForkedFrom?.Turn),
            cancellationToken);
    }

    public Task<SessionRecord?> GetAsync(string sessionId, CancellationToken cancellationToken) =>
        Task.FromResult(database.Read(db => db.QuerySingle($"SELECT {Columns} FROM sessions WHERE id = $1", ReadSession, sessionId)));

    public Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        if (query.PageSize is < 1 or > 500)
        {
            throw new ArgumentOutOfRangeException(nameof(query), query.PageSize, "PageSize must be 1 to 500.");
        }
        var (sql, arguments) = SessionListSql.Of(Columns, query);
        var rows = database.Read(db => db.Query(sql, ReadSession, arguments));
        if (rows.Count <= query.PageSize)
        {
            return Task.FromResult(new SessionPage(rows, null));
        }
        rows.RemoveAt(rows.Count - 1);
        return Task.FromResult(new SessionPage(rows, SessionListSql.CursorOf(rows[^1])));
    }

    public Task UpdateProgressAsync(string sessionId, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteVisiblyAsync(sessionId, ProgressWrite(sessionId, progress, now, null), cancellationToken);

    /// <summary>With the next write to the file, whoever makes it: the same transaction.</summary>
    public Task ShowProgressAsync(string sessionId, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var write = ProgressWrite(sessionId, progress, now, null);
        database.WriteAlong(db => write(db) == 1, written =>
        {
            if (written)
            {
                announce?.Invoke(sessionId);
            }
        });
        return Task.CompletedTask;
    }

    public Task<bool> TryReplaceProgressAsync(
        string sessionId, long expectedRevision, SessionProgress progress, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteVisiblyAsync(sessionId, ProgressWrite(sessionId, progress, now, expectedRevision), cancellationToken);

    private static Func<SqlConnection, int> ProgressWrite(string sessionId, SessionProgress progress, DateTimeOffset now, long? expectedRevision)
    {
        var json = StoredJson.Write(progress with { Answer = null });
        return db => db.Execute(
                """
                UPDATE sessions SET status = $2, revision = $3, progress = $4, updated_at = $5, answer = COALESCE($6, answer), suspended = suspended AND NOT $7
                WHERE id = $1 AND CASE WHEN $8 IS NULL THEN revision < $3 ELSE revision = $8 END
                """,
                sessionId, progress.Status.ToString(), progress.Revision, json, StoredJson.Ticks(now), progress.Answer, progress.Status.IsTerminal(), expectedRevision);
    }

    public Task SetSuspendedAsync(string sessionId, bool suspended, DateTimeOffset now, CancellationToken cancellationToken) => WriteVisiblyAsync(
        sessionId,
        db => db.Execute(
            $"UPDATE sessions SET suspended = $2, updated_at = $3 WHERE id = $1 AND suspended <> $2 AND status NOT IN ({Ended})", sessionId, suspended, StoredJson.Ticks(now)),
        cancellationToken);

    public Task<bool> SetFeedbackAsync(string sessionId, SessionFeedback feedback, CancellationToken cancellationToken)
    {
        var json = StoredJson.Write(feedback);
        return WriteVisiblyAsync(sessionId, db => db.Execute("UPDATE sessions SET feedback = $2 WHERE id = $1", sessionId, json), cancellationToken);
    }

    /// <summary>One session's row, and its listeners are told.</summary>
    /// <returns>False: there was nothing to change.</returns>
    private async Task<bool> WriteVisiblyAsync(string sessionId, Func<SqlConnection, int> write, CancellationToken cancellationToken)
    {
        var written = await database.WriteAsync(db => write(db) == 1, cancellationToken);
        if (written)
        {
            announce?.Invoke(sessionId);
        }
        return written;
    }

    public Task<SessionEnding> PutEndingAsync(SessionEnding ending, CancellationToken cancellationToken) => database.WriteAsync(
        db =>
        {
            db.Execute(
                """
                INSERT INTO endings (session_id, reason, roll_back, asked_at) VALUES ($1, $2, $3, $4)
                ON CONFLICT DO UPDATE SET roll_back = roll_back OR excluded.roll_back
                """,
                ending.SessionId, ending.Reason, ending.RollBack, StoredJson.Ticks(ending.AskedAt));
            return db.QuerySingle("SELECT session_id, reason, roll_back, asked_at FROM endings WHERE session_id = $1", ReadEnding, ending.SessionId)!;
        },
        cancellationToken);

    public Task<IReadOnlyList<SessionEnding>> ListEndingsAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        return Task.FromResult<IReadOnlyList<SessionEnding>>(database.Read(db => db.Query(
            "SELECT session_id, reason, roll_back, asked_at FROM endings LIMIT $1", ReadEnding, limit)));
    }

    public Task RemoveEndingAsync(SessionEnding ending, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Execute("DELETE FROM endings WHERE session_id = $1 AND (roll_back = $2 OR NOT roll_back)", ending.SessionId, ending.RollBack), cancellationToken);

    public Task<JsonElement> PutDocumentAsync(DocumentKey key, JsonElement document, CancellationToken cancellationToken)
    {
        var json = document.GetRawText();
        var bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes > MaxDocumentBytes)
        {
            throw new ArgumentException(
                $"Document '{key.Step}' of turn {key.Turn} has {bytes} bytes; at most {MaxDocumentBytes} are kept. Store less, or a reference to it.", nameof(document));
        }
        var now = StoredJson.Ticks(time.GetUtcNow());
        return database.WriteAsync(
            db =>
            {
                var inserted = db.Execute(
                    "INSERT INTO documents (session_id, turn, step, content, written_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                    key.SessionId, key.Turn, key.Step, json, now);
                return inserted == 1 ? document : Find(db, key)!.Value;
            },
            cancellationToken);
    }

    public Task<JsonElement?> GetDocumentAsync(DocumentKey key, CancellationToken cancellationToken) =>
        Task.FromResult(database.Read(db => Find(db, key)));

    public Task<IReadOnlyList<SessionDocument>> ListDocumentsAsync(string sessionId, int throughTurn, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SessionDocument>>(database.Read(db => db.Query(
            "SELECT turn, step, content, written_at FROM documents WHERE session_id = $1 AND turn <= $2 ORDER BY turn, sequence",
            reader => new SessionDocument(
                new DocumentKey(sessionId, reader.GetInt32(0), reader.GetString(1)), Parse(reader.GetString(2)), StoredJson.Time(reader.GetInt64(3))),
            sessionId, throughTurn)));

    public async Task AppendTimelineAsync(IReadOnlyList<TimelineEntry> entries, CancellationToken cancellationToken)
    {
        var rows = entries.Select(entry => (entry.SessionId, entry.Key, Json: StoredJson.Write(entry))).ToList();
        await database.WriteAsync(
            db => rows.Sum(row => db.Execute(
                "INSERT INTO timeline (session_id, key, entry) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", row.SessionId, row.Key, row.Json)),
            cancellationToken);
        foreach (var sessionId in rows.Select(row => row.SessionId).Distinct(StringComparer.Ordinal))
        {
            announce?.Invoke(sessionId);
        }
    }

    public Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(string sessionId, long afterSequence, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TimelineEntry>>(database.Read(db => db.Query(
            "SELECT sequence, entry FROM timeline WHERE session_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
            reader => StoredJson.Read<TimelineEntry>(reader.GetString(1)) with { Sequence = reader.GetInt64(0) },
            sessionId, afterSequence, limit)));

    public Task PutTouchAsync(ResourceTouch touch, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.Execute(
            """
            INSERT INTO touches (resource, session_id, turn, step, tool, state, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (session_id, turn, step) DO UPDATE SET state = excluded.state
            """,
            touch.Resource, touch.SessionId, touch.Turn, touch.StepId, touch.Tool, touch.State.ToString(), StoredJson.Ticks(touch.At)),
        cancellationToken);

    public Task<IReadOnlyList<ResourceTouch>> ListTouchesAfterAsync(string resource, DocumentKey step, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ResourceTouch>>(database.Read(db => db.Query(
            """
            SELECT resource, session_id, turn, step, tool, state, at FROM touches
            WHERE resource = $1 AND session_id <> $2 AND state IN ('Unknown', 'Done')
              AND sequence > (SELECT sequence FROM touches WHERE session_id = $2 AND turn = $3 AND step = $4)
            ORDER BY sequence LIMIT 20
            """,
            reader => new ResourceTouch(
                reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4),
                Enum.Parse<TouchState>(reader.GetString(5)), StoredJson.Time(reader.GetInt64(6))),
            resource, step.SessionId, step.Turn, step.Step)));

    public Task PutSnapshotAsync(string hash, JsonElement definition, CancellationToken cancellationToken)
    {
        var json = definition.GetRawText();
        return database.WriteAsync(
            db => db.Execute("INSERT INTO snapshots (hash, definition) VALUES ($1, $2) ON CONFLICT DO NOTHING", hash, json), cancellationToken);
    }

    public Task<JsonElement?> GetSnapshotAsync(string hash, CancellationToken cancellationToken) =>
        Task.FromResult(database.Read(db => db.QuerySingle<JsonElement?>(
            "SELECT definition FROM snapshots WHERE hash = $1", reader => Parse(reader.GetString(0)), hash)));

    private static JsonElement? Find(SqlConnection db, DocumentKey key) => db.QuerySingle<JsonElement?>(
        "SELECT content FROM documents WHERE session_id = $1 AND turn = $2 AND step = $3",
        reader => Parse(reader.GetString(0)), key.SessionId, key.Turn, key.Step);

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private static SessionEnding ReadEnding(SqliteDataReader reader) => new(
        reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetBoolean(2), StoredJson.Time(reader.GetInt64(3)));

    private static SessionRecord ReadSession(SqliteDataReader reader) => new()
    {
        Id = reader.GetString(0),
        Agent = reader.GetString(1),
        AgentVersion = reader.GetString(2),
        SnapshotHash = reader.GetString(3),
        Goal = reader.GetString(4),
        TaskType = reader.GetString(5),
        UserId = reader.GetString(6),
        Context = Parse(reader.GetString(7)),
        CreatedAt = StoredJson.Time(reader.GetInt64(8)),
        UpdatedAt = StoredJson.Time(reader.GetInt64(9)),
        Progress = StoredJson.Read<SessionProgress>(reader.GetString(10)) with { Answer = reader.IsDBNull(11) ? null : reader.GetString(11) },
        Suspended = reader.GetBoolean(12),
        ForkedFrom = reader.IsDBNull(13) ? null : new ForkSource(reader.GetString(13), reader.GetInt32(14)),
        Feedback = reader.IsDBNull(15) ? null : StoredJson.Read<SessionFeedback>(reader.GetString(15)),
    };
}
