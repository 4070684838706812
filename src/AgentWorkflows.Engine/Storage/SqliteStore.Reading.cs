using System.Text;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Storage;

internal sealed partial class SqliteStore
{
    private const string Columns = """
        key, id, name, version, status, execution, created, updated, start_at, parent_id, parent_execution, parent_task,
        unreported, diverged, busy, due, custom_status, failure
        """;

    // Turns do not touch the instance's row unless its status changes, so the time of the last change is that of the last record.
    private const string RowQuery = $"""
        SELECT {Columns}, (SELECT at FROM history WHERE instance = key ORDER BY seq DESC LIMIT 1) FROM instance
        """;

    private const string AllRecords = "SELECT seq, at, events FROM history WHERE instance = ?1 ORDER BY seq";

    private const string EndRecords = """
        SELECT seq, at, events FROM history WHERE instance = ?1
          AND seq IN ((SELECT min(seq) FROM history WHERE instance = ?1), (SELECT max(seq) FROM history WHERE instance = ?1)) ORDER BY seq
        """;

    public StoredInstance? Load(string instanceId) => LoadWith(instanceId, AllRecords);

    public StoredInstance? LoadEnds(string instanceId) => LoadWith(instanceId, EndRecords);

    private StoredInstance? LoadWith(string instanceId, string recordsQuery) => _readers.Use((instanceId, recordsQuery), static (reader, wanted) =>
    {
        var (id, recordsQuery) = wanted;
        // One transaction: a row and a history of different moments would contradict each other.
        reader.Prepare("BEGIN").Run();
        try
        {
            return FindRow(reader, id) is { } row ? new StoredInstance(row, Records(reader, row.Key, recordsQuery)) : null;
        }
        finally
        {
            reader.Prepare("COMMIT").Run();
        }
    });

    public InstanceRow? Find(string instanceId) => _readers.Use(instanceId, FindRow);

    public IReadOnlyList<HistoryRecord> ReadHistory(long key) => _readers.Use(key, static (reader, key) => Records(reader, key, AllRecords));

    public IReadOnlyList<(long Key, string Id)> PageBusy(long afterKey, int limit) => _readers.Use((afterKey, limit), static (reader, page) =>
    {
        var ids = new List<(long, string)>();
        var statement = reader.Prepare("SELECT key, id FROM instance WHERE busy = 1 AND key > ?1 ORDER BY key LIMIT ?2")
            .Bind(1, page.afterKey).Bind(2, page.limit);
        while (statement.Step())
        {
            ids.Add((statement.Long(0), statement.Text(1)));
        }
        statement.Reset();
        return ids;
    });

    public IReadOnlyList<(long Due, long Key, string Id)> PageDue(long afterDue, long afterKey, long until, int limit) =>
        _readers.Use((afterDue, afterKey, until, limit), static (reader, page) =>
        {
            var timers = new List<(long, long, string)>();
            var statement = reader.Prepare("""
                SELECT due, key, id FROM instance
                WHERE due IS NOT NULL AND due >= ?1 AND due <= ?3 AND (due > ?1 OR key > ?2) ORDER BY due, key LIMIT ?4
                """).Bind(1, page.afterDue).Bind(2, page.afterKey).Bind(3, page.until).Bind(4, page.limit);
            while (statement.Step())
            {
                timers.Add((statement.Long(0), statement.Long(1), statement.Text(2)));
            }
            statement.Reset();
            return timers;
        });

    public IReadOnlyList<InstanceRow> Query(OrchestrationQuery query, (long Created, long Key)? after) => _readers.Use((query, after), static (reader, page) =>
    {
        var (query, after) = page;
        var where = new StringBuilder();
        var statuses = query.Statuses is { Count: > 0 } wanted ? wanted.Distinct().Order().ToArray() : [];
        if (statuses.Length > 0)
        {
            // Statuses are numbers of an enum, so they can stand in the text.
            where.Append(" AND status IN (").AppendJoin(',', statuses.Select(status => (int)status)).Append(')');
        }
        where.Append(query.Name is null ? "" : " AND name = ?1");
        where.Append(query.InstanceIdPrefix is null ? "" : " AND id >= ?2 AND id < ?3");
        where.Append(query.CreatedFrom is null ? "" : " AND created >= ?4");
        where.Append(query.CreatedTo is null ? "" : " AND created < ?5");
        where.Append(after is null ? "" : " AND (created, key) < (?6, ?7)");
        var statement = reader.Prepare($"{RowQuery} WHERE 1=1{where} ORDER BY created DESC, key DESC LIMIT ?8");
        statement.BindIf(query.Name is not null, 1, query.Name)
            .BindIf(query.InstanceIdPrefix is not null, 2, query.InstanceIdPrefix)
            .BindIf(query.InstanceIdPrefix is not null, 3, query.InstanceIdPrefix + char.MaxValue)
            .BindIf(query.CreatedFrom is not null, 4, query.CreatedFrom?.UtcTicks)
            .BindIf(query.CreatedTo is not null, 5, query.CreatedTo?.UtcTicks)
            .BindIf(after is not null, 6, after?.Created).BindIf(after is not null, 7, after?.Key)
            .Bind(8, query.PageSize);
        var rows = new List<InstanceRow>();
        while (statement.Step())
        {
            rows.Add(ReadRow(statement));
        }
        statement.Reset();
        return rows;
    });

    private static InstanceRow? FindRow(SqliteDatabase reader, string instanceId)
    {
        var statement = reader.Prepare($"{RowQuery} WHERE id = ?1").Bind(1, instanceId);
        var row = statement.Step() ? ReadRow(statement) : null;
        statement.Reset();
        return row;
    }

    /// <summary>The instance with the next key.</summary>
    public static InstanceRow? RowAfter(SqliteDatabase reader, long key)
    {
        var statement = reader.Prepare($"{RowQuery} WHERE key > ?1 ORDER BY key LIMIT 1").Bind(1, key);
        var row = statement.Step() ? ReadRow(statement) : null;
        statement.Reset();
        return row;
    }

    public static List<HistoryRecord> Records(SqliteDatabase reader, long key) => Records(reader, key, AllRecords);

    private static List<HistoryRecord> Records(SqliteDatabase reader, long key, string query)
    {
        var records = new List<HistoryRecord>();
        var statement = reader.Prepare(query).Bind(1, key);
        while (statement.Step())
        {
            records.Add(new HistoryRecord((int)statement.Long(0), statement.Long(1), statement.Blob(2)));
        }
        statement.Reset();
        return records;
    }

    private static InstanceRow ReadRow(SqliteStatement row) => new(
        row.Long(0), row.Text(1), row.Text(2), row.Text(3), (OrchestrationStatus)row.Long(4), (int)row.Long(5), row.Long(6),
        Math.Max(row.Long(7), row.Long(18)), row.OptionalLong(8),
        row.IsNull(9) ? null : new ParentLink(row.Text(9), (int)row.Long(10), (int)row.Long(11)),
        row.Bool(12), row.Bool(13), row.Bool(14), row.OptionalLong(15), row.OptionalText(16),
        row.IsNull(17) ? null : HistoryCodec.FailureFromBytes(row.Blob(17)));
}
