using System.Globalization;
using System.Runtime.CompilerServices;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Record;
using AgentWorkflows.Words;
using Azure;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Sessions;

/// <summary>
/// Where sessions stand in lists, newest first: one row among all sessions, in partitions of a day, and one in the partition of the session's
/// user. The rows say where to look; the session itself says what it is, so that a row left over by a crash is passed by.
/// </summary>
internal sealed class SessionLists(TableClient table)
{
    private const string All = "all";
    private const string User = "user";
    private const string SessionId = "SessionId";
    private const string Status = "Status";
    private const string Revision = "Revision";

    /// <summary>Before the session is created: from then on it is listed.</summary>
    /// <returns>False: some other session, perhaps never created, has such a row; <see cref="ReplaceAsync"/> puts it right.</returns>
    public async Task<bool> TryAddAsync(SessionRecord session, CancellationToken cancellationToken)
    {
        var added = await Task.WhenAll(RowsOf(session).Select(async row =>
        {
            try
            {
                await table.AddEntityAsync(row, cancellationToken);
                return true;
            }
            catch (RequestFailedException e) when (Conflict.Is(e))
            {
                return false;
            }
        }));
        return added.All(done => done);
    }

    public Task ReplaceAsync(SessionRecord session, CancellationToken cancellationToken) =>
        Task.WhenAll(RowsOf(session).Select(row => table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken)));

    public Task RemoveAsync(SessionRecord session, CancellationToken cancellationToken) =>
        Task.WhenAll(RowsOf(session).Select(row => table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken)));

    /// <summary>Brings the rows up to the session's status, unless they have a later one.</summary>
    public Task SyncAsync(SessionRecord session, CancellationToken cancellationToken) =>
        Task.WhenAll(RowsOf(session).Select(row => SyncAsync(row, session.Progress.Revision, cancellationToken)));

    /// <summary>The ids of sessions that may be in the list, in its order.</summary>
    public async IAsyncEnumerable<SessionPlace> FindAsync(SessionQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var conditions = Conditions(query);
        foreach (var range in RangesOf(query))
        {
            var rows = table.QueryAsync<TableEntity>(range + conditions, query.PageSize + 1, [SessionId, "CreatedAt"], cancellationToken);
            await foreach (var row in rows)
            {
                yield return new SessionPlace(row.GetString(SessionId), row.GetInt64("CreatedAt") ?? 0);
            }
        }
    }

    public static string CursorOf(SessionRecord last) => string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.UtcTicks}_{last.Id}");

    private async Task SyncAsync(TableEntity row, long revision, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Conflict.MaxRounds; round++)
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, [Revision], cancellationToken);
            if (found.HasValue && found.Value!.GetInt64(Revision) >= revision)
            {
                return;
            }
            try
            {
                await (found.HasValue
                    ? table.UpdateEntityAsync(row, found.Value!.ETag, TableUpdateMode.Replace, cancellationToken)
                    : table.AddEntityAsync(row, cancellationToken));
                return;
            }
            catch (RequestFailedException e) when (Conflict.Is(e))
            {
            }
        }
        throw Conflict.TooMany($"The list row of session '{row.GetString(SessionId)}'");
    }

    private static TableEntity[] RowsOf(SessionRecord session)
    {
        var key = TableKey.Of(TableKey.Descending(session.CreatedAt), TableKey.Descending(session.Id));
        return [Row(DayOf(session.CreatedAt), key, session), Row(PartitionOf(session.UserId), key, session)];
    }

    private static TableEntity Row(string partition, string key, SessionRecord session) => new(partition, key)
    {
        [SessionId] = session.Id,
        ["Agent"] = session.Agent,
        ["UserId"] = session.UserId,
        ["TaskType"] = session.TaskType,
        ["CreatedAt"] = session.CreatedAt.UtcTicks,
        [Status] = session.Progress.Status.ToString(),
        [Revision] = session.Progress.Revision,
    };

    /// <summary>Later days sort first, so that the table in its own order is the list.</summary>
    private static string DayOf(DateTimeOffset time)
    {
        var day = 99_999_999 - int.Parse(time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return TableKey.Of(All, day.ToString("D8", CultureInfo.InvariantCulture));
    }

    private static string PartitionOf(string userId) => TableKey.Of(User, TableKey.Escape(userId));

    /// <summary>What to read, in order. Two queries rather than one with "or" over partitions, which would read the whole table.</summary>
    private static IEnumerable<string> RangesOf(SessionQuery query)
    {
        var after = query.Cursor is { } cursor ? Parse(cursor) : ((DateTimeOffset CreatedAt, string Id)?)null;
        var row = after is { } place ? TableKey.Of(TableKey.Descending(place.CreatedAt), TableKey.Descending(place.Id)) : "";
        if (query.CreatedBefore is { } before && (after is null || after.Value.CreatedAt >= before))
        {
            // Keys of this very time sort before the end of its prefix, and later times before them.
            (after, row) = ((before, ""), TableKey.End(TableKey.Descending(before)));
        }
        if (query.UserId is { } user)
        {
            return [$"PartitionKey eq {TableKey.Text(PartitionOf(user))} and RowKey gt {TableKey.Text(row)}"];
        }
        var end = TableKey.Text(TableKey.End(All));
        return after is { } last
            ? [
                $"PartitionKey eq {TableKey.Text(DayOf(last.CreatedAt))} and RowKey gt {TableKey.Text(row)}",
                $"PartitionKey gt {TableKey.Text(DayOf(last.CreatedAt))} and PartitionKey lt {end}",
            ]
            : [$"PartitionKey ge {TableKey.Text(TableKey.Of(All, ""))} and PartitionKey lt {end}"];
    }

    private static string Conditions(SessionQuery query)
    {
        var conditions = "";
        void Equal(string column, string? value) => conditions += value is null ? "" : $" and {column} eq {TableKey.Text(value)}";
        Equal("Agent", query.Agent);
        Equal("TaskType", query.TaskType);
        if (query.Statuses is { Count: > 0 } statuses)
        {
            // The rows do not say which sessions are held; those that can be, are looked at one by one.
            var listed = statuses.Contains(SessionStatus.Suspended)
                ? statuses.Concat(SessionStatuses.NotEnded).Distinct()
                : statuses;
            conditions += $" and ({string.Join(" or ", listed.Select(status => $"{Status} eq '{status}'"))})";
        }
        return conditions;
    }

    private static (DateTimeOffset CreatedAt, string Id) Parse(string cursor)
    {
        var separator = cursor.IndexOf('_', StringComparison.Ordinal);
        return separator > 0 && separator < cursor.Length - 1
            && long.TryParse(cursor.AsSpan(0, separator), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTime.MaxValue.Ticks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), cursor[(separator + 1)..])
            : throw new FormatException("The cursor is not one this list has given. Start again without it.");
    }
}

internal readonly record struct SessionPlace(string SessionId, long CreatedAtTicks);
