using System.Globalization;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sqlite;

/// <summary>The query behind a page of sessions: newest first, continued after the last row of the page before. Pure.</summary>
internal static class SessionListSql
{
    public static (string Sql, object?[] Arguments) Of(string columns, SessionQuery query)
    {
        var conditions = new List<string>();
        var arguments = new List<object?>();
        void Equal(string column, string? value)
        {
            if (value is not null)
            {
                arguments.Add(value);
                conditions.Add($"{column} = ${arguments.Count}");
            }
        }
        Equal("agent", query.Agent);
        Equal("user_id", query.UserId);
        Equal("task_type", query.TaskType);
        if (query.Statuses is { Count: > 0 } statuses)
        {
            var names = statuses.Where(status => status != SessionStatus.Suspended).Select(status =>
            {
                arguments.Add(status.ToString());
                return $"${arguments.Count}";
            }).ToList();
            conditions.Add((names.Count, statuses.Contains(SessionStatus.Suspended)) switch
            {
                (0, _) => "suspended",
                (_, false) => $"status IN ({string.Join(", ", names)}) AND NOT suspended",
                (_, true) => $"(suspended OR status IN ({string.Join(", ", names)}))",
            });
        }
        if (query.CreatedBefore is { } before)
        {
            arguments.Add(StoredJson.Ticks(before));
            conditions.Add($"created_at < ${arguments.Count}");
        }
        if (query.Cursor is { } cursor)
        {
            var (createdAt, id) = Parse(cursor);
            arguments.Add(createdAt);
            arguments.Add(id);
            conditions.Add($"(created_at, id) < (${arguments.Count - 1}, ${arguments.Count})");
        }
        arguments.Add(query.PageSize + 1);
        var where = conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions);
        return ($"SELECT {columns} FROM sessions {where} ORDER BY created_at DESC, id DESC LIMIT ${arguments.Count}", [.. arguments]);
    }

    public static string CursorOf(SessionRecord last) => string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.UtcTicks}_{last.Id}");

    private static (long CreatedAt, string Id) Parse(string cursor)
    {
        var separator = cursor.IndexOf('_', StringComparison.Ordinal);
        return separator > 0 && separator < cursor.Length - 1 && long.TryParse(cursor.AsSpan(0, separator), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? (ticks, cursor[(separator + 1)..])
            : throw new FormatException("The cursor is not one this list has given. Start again without it.");
    }
}
