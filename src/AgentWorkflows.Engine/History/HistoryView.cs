using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.History;

/// <summary>History events as people see them.</summary>
internal static class HistoryView
{
    public static HistoryEntry ToEntry(HistoryEvent historyEvent, int sequence, DateTimeOffset at)
    {
        var entry = new HistoryEntry(sequence, KindName(historyEvent), at);
        return historyEvent switch
        {
            ExecutionStarted e => entry with { Name = e.Name, Payload = Text(e.Input) },
            TurnStarted => entry,
            TaskScheduled e => entry with { Name = e.Name, TaskId = e.TaskId, Payload = Text(e.Input) },
            TaskCompleted e => entry with { TaskId = e.TaskId, Payload = Text(e.Output) },
            TaskFailed e => entry with { TaskId = e.TaskId, Failure = e.Failure },
            TimerCreated e => entry with { TaskId = e.TaskId, Payload = JsonString(Iso(e.FireAt)) },
            TimerFired e => entry with { TaskId = e.TaskId },
            TimerCancelled e => entry with { TaskId = e.TaskId },
            SubOrchestrationScheduled e => entry with { Name = e.Name, TaskId = e.TaskId, Payload = JsonString(e.InstanceId) },
            SubOrchestrationCompleted e => entry with { TaskId = e.TaskId, Payload = Text(e.Output) },
            SubOrchestrationFailed e => entry with { TaskId = e.TaskId, Failure = e.Failure },
            EventRaised e => entry with { Name = e.Name, Payload = Text(e.Payload) },
            ExecutionSuspended e => entry with { Payload = JsonString(e.Reason) },
            ExecutionResumed e => entry with { Payload = JsonString(e.Reason) },
            ExecutionTerminated e => entry with { Payload = JsonString(e.Reason) },
            ExecutionForked e => entry with { Payload = JsonString(e.InstanceId) },
            ExecutionRewound e => entry with { Payload = JsonString(e.Reason) },
            ExecutionCompleted e => entry with { Payload = Text(e.Output) },
            ExecutionFailed e => entry with { Failure = e.Failure },
            _ => throw new InvalidOperationException($"History event '{historyEvent.GetType().Name}' has no view."),
        };
    }

    /// <summary>Names a step in a message: <c>TaskScheduled 'charge' (#3)</c>.</summary>
    public static string Describe(HistoryEvent historyEvent)
    {
        var entry = ToEntry(historyEvent, 0, default);
        var name = entry.Name is null ? "" : $" '{entry.Name}'";
        return entry.TaskId is { } task ? $"{entry.Kind}{name} (#{task})" : entry.Kind + name;
    }

    // The wire names shown to people are the names of the kinds on disk, not of classes.
    private static string KindName(HistoryEvent historyEvent) => HistoryCodec.KindOf(historyEvent).ToString();

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    private static string? JsonString(string? value) => value is null ? null : JsonSerializer.Serialize(value, DurableJson.Options);

    private static string Iso(long ticks) => new DateTimeOffset(ticks, TimeSpan.Zero).ToString("O", CultureInfo.InvariantCulture);
}
