using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.History;

/// <summary>One event with the time at which it was recorded.</summary>
internal readonly record struct RecordedEvent(HistoryEvent Event, long At);

/// <summary>History as it counts: without what a rewind took back. What is stored is never shortened.</summary>
internal static class EffectiveHistory
{
    public static List<HistoryEvent> Of(IReadOnlyList<HistoryRecord> records)
    {
        var events = new List<HistoryEvent>();
        foreach (var record in records)
        {
            HistoryCodec.Read(record.Events, events);
        }
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is ExecutionRewound rewound)
            {
                events.RemoveRange(rewound.Kept, i + 1 - rewound.Kept);
                i = rewound.Kept - 1;
            }
        }
        return events;
    }

    /// <summary>The first <paramref name="count"/> events as stored, and of these the ones that count.</summary>
    public static List<RecordedEvent> Of(IReadOnlyList<HistoryRecord> records, int count)
    {
        var effective = new List<RecordedEvent>();
        foreach (var stored in All(records).Take(count))
        {
            if (stored.Event is ExecutionRewound rewound)
            {
                effective.RemoveRange(rewound.Kept, effective.Count - rewound.Kept);
            }
            else
            {
                effective.Add(stored);
            }
        }
        return effective;
    }

    public static IEnumerable<RecordedEvent> All(IReadOnlyList<HistoryRecord> records)
    {
        var events = new List<HistoryEvent>();
        foreach (var record in records)
        {
            events.Clear();
            HistoryCodec.Read(record.Events, events);
            foreach (var historyEvent in events.ToArray())
            {
                yield return new RecordedEvent(historyEvent, record.At);
            }
        }
    }
}
