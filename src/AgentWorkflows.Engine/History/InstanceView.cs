using System.Globalization;
using System.Text;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.History;

/// <summary>Instances as clients see them.</summary>
internal static class InstanceView
{
    public static OrchestrationMetadata Of(InstanceRow row) =>
        new(row.Id, row.Name, row.Version, row.Status, At(row.CreatedAt), At(row.UpdatedAt))
        {
            SerializedCustomStatus = row.CustomStatus,
            Failure = row.Failure,
        };

    public static OrchestrationMetadata WithPayloads(StoredInstance stored)
    {
        var events = new List<HistoryEvent>();
        foreach (var record in stored.History)
        {
            HistoryCodec.Read(record.Events, events);
        }
        return Of(stored.Row) with
        {
            SerializedInput = events.OfType<ExecutionStarted>().FirstOrDefault() is { } start ? Encoding.UTF8.GetString(start.Input.Span) : null,
            SerializedOutput = events[^1] is ExecutionCompleted end ? Encoding.UTF8.GetString(end.Output.Span) : null,
        };
    }

    public static IReadOnlyList<HistoryEntry> History(StoredInstance stored)
    {
        var entries = new List<HistoryEntry>();
        var events = new List<HistoryEvent>();
        foreach (var record in stored.History)
        {
            events.Clear();
            HistoryCodec.Read(record.Events, events);
            foreach (var historyEvent in events)
            {
                entries.Add(HistoryView.ToEntry(historyEvent, entries.Count, At(record.At)));
            }
        }
        return entries;
    }

    public static string Token(InstanceRow last) => string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt}-{last.Key}");

    public static (long Created, long Key)? ParseToken(string? token)
    {
        if (token is null)
        {
            return null;
        }
        var dash = token.IndexOf('-', StringComparison.Ordinal);
        if (dash > 0
            && long.TryParse(token.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var created)
            && long.TryParse(token.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var key))
        {
            return (created, key);
        }
        throw new ArgumentException($"'{token}' is not a continuation token of this engine.", nameof(token));
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
