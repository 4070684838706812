using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Storage;

/// <summary>Something that is wrong in a database file.</summary>
/// <param name="Where">The instance, the table or the file.</param>
internal sealed record StoreProblem(string Where, string What);

/// <summary>What a check of an engine's database found. It reads everything and changes nothing; also while the engine runs.</summary>
internal sealed record StoreReport(int Schema, long Instances, long Records, long Events, IReadOnlyList<StoreProblem> Problems);

/// <summary>
/// Verifies a database of the embedded engine: SQLite's own structure, rows without their counterpart, records that cannot be read, and instances whose
/// row and history contradict each other or that nothing would ever wake.
/// </summary>
internal static class StoreCheck
{
    /// <summary>More than this many say nothing new.</summary>
    private const int MaxProblems = 1000;

    /// <exception cref="EngineStorageException">The file is missing or cannot be read at all.</exception>
    /// <exception cref="DatabaseVersionException">A newer version wrote it.</exception>
    public static StoreReport Run(string path)
    {
        if (!File.Exists(path))
        {
            throw new EngineStorageException($"There is no database '{path}'.", 14);
        }
        using var database = new SqliteDatabase(path);
        database.Execute("PRAGMA query_only=1");
        database.Execute("PRAGMA cache_size=-8192");
        // One transaction: everything is seen at one moment, also while the engine writes.
        database.Execute("BEGIN");
        var schema = Migrations.Require(database, path);
        var problems = new List<StoreProblem>();
        try
        {
            problems.AddRange(Texts(database, "PRAGMA integrity_check(100)").Where(text => text != "ok").Select(text => new StoreProblem("file", text)));
            var counts = schema == 0 ? (0, 0, 0) : Check(database, problems);
            return new StoreReport(schema, counts.Item1, counts.Item2, counts.Item3, [.. problems.Take(MaxProblems)]);
        }
        catch (EngineStorageException e)
        {
            // What could be read before is worth knowing.
            problems.Add(new StoreProblem("file", e.Message));
            return new StoreReport(schema, 0, 0, 0, problems);
        }
    }

    /// <summary>The status of every instance by its id, at one moment; for comparing with what others know of them.</summary>
    public static IReadOnlyDictionary<string, OrchestrationStatus> ReadStatuses(string path)
    {
        using var database = new SqliteDatabase(path);
        database.Execute("PRAGMA query_only=1");
        var statuses = new Dictionary<string, OrchestrationStatus>(StringComparer.Ordinal);
        var statement = database.Prepare("SELECT id, status FROM instance WHERE parent_id IS NULL");
        while (statement.Step())
        {
            statuses[statement.Text(0)] = (OrchestrationStatus)statement.Long(1);
        }
        statement.Reset();
        return statuses;
    }

    private static (long Instances, long Records, long Events) Check(SqliteDatabase database, List<StoreProblem> problems)
    {
        problems.AddRange(Texts(database, """
            SELECT 'history of instance key ' || instance || ': ' || count(*) || ' records without an instance'
            FROM history WHERE instance NOT IN (SELECT key FROM instance) GROUP BY instance
            """).Select(text => new StoreProblem("history", text)));
        var (instances, records, events) = (0L, 0L, 0L);
        var after = 0L;
        while (SqliteStore.RowAfter(database, after) is { } row)
        {
            after = row.Key;
            instances++;
            var history = SqliteStore.Records(database, row.Key);
            records += history.Count;
            var found = problems.Count;
            events += CheckHistory(row, history, problems);
            if (problems.Count == found)
            {
                CheckRow(row, EffectiveHistory.Of(history), problems);
            }
        }
        return (instances, records, events);
    }

    private static int CheckHistory(InstanceRow row, List<HistoryRecord> history, List<StoreProblem> problems)
    {
        if (history.Count == 0)
        {
            problems.Add(new StoreProblem(row.Id, "has no history"));
            return 0;
        }
        var events = new List<HistoryEvent>();
        foreach (var record in history)
        {
            try
            {
                HistoryCodec.Read(record.Events, events);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                problems.Add(new StoreProblem(row.Id, $"record {record.Sequence} cannot be read: {e.Message}"));
                return events.Count;
            }
        }
        if (events.FirstOrDefault() is not ExecutionStarted)
        {
            problems.Add(new StoreProblem(row.Id, "its history does not begin with its start"));
        }
        for (var i = 1; i < history.Count; i++)
        {
            if (history[i].Sequence != history[i - 1].Sequence + 1)
            {
                problems.Add(new StoreProblem(row.Id, $"records are missing between {history[i - 1].Sequence} and {history[i].Sequence}"));
            }
        }
        return events.Count;
    }

    private static void CheckRow(InstanceRow row, List<HistoryEvent> history, List<StoreProblem> problems)
    {
        var state = new InstanceState();
        try
        {
            foreach (var historyEvent in history)
            {
                if (historyEvent is TurnStarted)
                {
                    state.TakePending();
                }
                state.Apply(historyEvent);
            }
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            problems.Add(new StoreProblem(row.Id, $"its history contradicts itself: {e.Message}"));
            return;
        }
        if (Contradiction(row, history[^1], state) is { } what)
        {
            problems.Add(new StoreProblem(row.Id, what));
        }
    }

    private static string? Contradiction(InstanceRow row, HistoryEvent last, InstanceState state)
    {
        var ended = last switch
        {
            ExecutionCompleted => OrchestrationStatus.Completed,
            ExecutionFailed => OrchestrationStatus.Failed,
            ExecutionTerminated => OrchestrationStatus.Terminated,
            _ => (OrchestrationStatus?)null,
        };
        if (row.Diverged)
        {
            return null;
        }
        if (ended is not null || row.Status.IsTerminal())
        {
            return ended == row.Status ? null : $"its status is {row.Status}, but its history ends with {HistoryView.Describe(last)}";
        }
        if (row.Busy || row.Status == OrchestrationStatus.Suspended)
        {
            return null;
        }
        var postponed = !state.HasRun && row.Due is not null;
        if (state.Activities.Count > 0 || (state.NeedsTurn && !postponed))
        {
            return "has work to do, but is not marked busy: a start would not find it";
        }
        return state.NextTimer() is { } timer && row.Due is null ? $"waits for a timer at {new DateTimeOffset(timer, TimeSpan.Zero):u}, but is not listed as due" : null;
    }

    private static List<string> Texts(SqliteDatabase database, string sql)
    {
        var texts = new List<string>();
        var statement = database.Prepare(sql);
        while (statement.Step())
        {
            texts.Add(statement.Text(0));
        }
        statement.Reset();
        return texts;
    }
}
