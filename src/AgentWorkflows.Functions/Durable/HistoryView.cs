using AgentWorkflows.Durability;
using DurableTask.Core.History;
using FailureDetails = AgentWorkflows.Durability.FailureDetails;

namespace AgentWorkflows.Functions.Durable;

/// <summary>Durable Task's history in the port's words.</summary>
internal static class HistoryView
{
    public static IReadOnlyList<HistoryEntry> Of(IEnumerable<HistoryEvent> events) => [.. events.Select(Of)];

    private static HistoryEntry Of(HistoryEvent happened, int sequence)
    {
        var entry = new HistoryEntry(sequence, happened.EventType.ToString(), new DateTimeOffset(DateTime.SpecifyKind(happened.Timestamp, DateTimeKind.Utc)));
        return happened switch
        {
            ExecutionStartedEvent e => entry with { Name = e.Name, Payload = e.Input },
            ExecutionCompletedEvent e => entry with { Payload = e.Result, Failure = Of(e.FailureDetails) },
            ExecutionTerminatedEvent e => entry with { Payload = e.Input },
            TaskScheduledEvent e => entry with { Name = e.Name, TaskId = e.EventId, Payload = e.Input },
            TaskCompletedEvent e => entry with { TaskId = e.TaskScheduledId, Payload = e.Result },
            TaskFailedEvent e => entry with { TaskId = e.TaskScheduledId, Failure = Of(e.FailureDetails) },
            SubOrchestrationInstanceCreatedEvent e => entry with { Name = e.Name, TaskId = e.EventId, Payload = e.Input },
            SubOrchestrationInstanceCompletedEvent e => entry with { TaskId = e.TaskScheduledId, Payload = e.Result },
            SubOrchestrationInstanceFailedEvent e => entry with { TaskId = e.TaskScheduledId, Failure = Of(e.FailureDetails) },
            TimerCreatedEvent e => entry with { TaskId = e.EventId },
            TimerFiredEvent e => entry with { TaskId = e.TimerId },
            EventRaisedEvent e => entry with { Name = e.Name, Payload = e.Input },
            EventSentEvent e => entry with { Name = e.Name, TaskId = e.EventId, Payload = e.Input },
            _ => entry,
        };
    }

    private static FailureDetails? Of(DurableTask.Core.FailureDetails? failure) =>
        failure is null ? null : RecordedFailure.Read(new Microsoft.DurableTask.TaskFailureDetails(
            failure.ErrorType, failure.ErrorMessage, null, null, null));
}
