using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Branching;

/// <summary>How a failed execution goes back to its last failure.</summary>
/// <param name="Events">What is appended: the rewind, and again what arrived after that point and still counts.</param>
/// <param name="FailedChildren">Sub-orchestrations whose failure is taken back: they are rewound too.</param>
/// <param name="DroppedChildren">Sub-orchestrations started after that point.</param>
internal sealed record RewindPlan(
    IReadOnlyList<HistoryEvent> Events, IReadOnlyList<string> FailedChildren, IReadOnlyList<string> DroppedChildren)
{
    /// <summary>
    /// The last failure is that of the activity or sub-orchestration which the execution failed with; when it failed by itself, its last turn.
    /// </summary>
    public static RewindPlan Make(IReadOnlyList<HistoryEvent> history, string? reason)
    {
        var end = history.Count - 1;
        var failure = ((ExecutionFailed)history[end]).Failure;
        var kept = LastIndex(history, end, e => FailureOf(e) is { } one && IsCausedBy(failure, one));
        if (kept < 0)
        {
            kept = LastIndex(history, end, e => e is TurnStarted);
        }
        kept = kept < 0 ? end : kept;
        var state = new InstanceState();
        foreach (var historyEvent in history.Take(kept))
        {
            state.Apply(historyEvent);
        }
        var dropped = history.Skip(kept).ToList();
        return new RewindPlan(
            [new ExecutionRewound(kept, reason), .. dropped.Where(e => StillCounts(e, state))],
            [.. dropped.OfType<SubOrchestrationFailed>().Where(e => state.Children.ContainsKey(e.TaskId)).Select(e => state.Children[e.TaskId].InstanceId)],
            [.. dropped.OfType<SubOrchestrationScheduled>().Select(e => e.InstanceId)]);
    }

    /// <summary>Results of what was asked for before that point, events from outside, and where a fork's own history begins; failures are what the rewind is there to take back.</summary>
    private static bool StillCounts(HistoryEvent historyEvent, InstanceState state) => historyEvent switch
    {
        EventRaised or ExecutionForked => true,
        TaskCompleted e => state.Activities.ContainsKey(e.TaskId),
        SubOrchestrationCompleted e => state.Children.ContainsKey(e.TaskId),
        TimerFired e => state.Timers.ContainsKey(e.TaskId),
        _ => false,
    };

    private static FailureDetails? FailureOf(HistoryEvent historyEvent) => historyEvent switch
    {
        TaskFailed e => e.Failure,
        SubOrchestrationFailed e => e.Failure,
        _ => null,
    };

    private static bool IsCausedBy(FailureDetails failure, FailureDetails cause)
    {
        for (var inner = failure; inner is not null; inner = inner.Inner)
        {
            if (inner.ErrorType == cause.ErrorType && inner.Message == cause.Message)
            {
                return true;
            }
        }
        return false;
    }

    private static int LastIndex(IReadOnlyList<HistoryEvent> history, int before, Func<HistoryEvent, bool> condition)
    {
        for (var i = before - 1; i >= 0; i--)
        {
            if (condition(history[i]))
            {
                return i;
            }
        }
        return -1;
    }
}
