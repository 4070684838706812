namespace AgentWorkflows.Engine.History;

/// <summary>
/// What history says about one execution, and nothing else: a fold over its events. It holds what is outstanding and what
/// has arrived but was not yet handed to the orchestrator; the coroutine holds the rest.
/// </summary>
internal sealed class InstanceState
{
    private List<HistoryEvent> _pending = [];
    private List<HistoryEvent> _spare = [];

    public Dictionary<int, TaskScheduled> Activities { get; } = [];

    public Dictionary<int, long> Timers { get; } = [];

    public Dictionary<int, SubOrchestrationScheduled> Children { get; } = [];

    public ExecutionStarted? Start { get; private set; }

    /// <summary>True once the orchestrator has run its first turn.</summary>
    public bool HasRun { get; private set; }

    public bool IsSuspended { get; private set; }

    /// <summary>UTC ticks; the orchestrator's clock never goes back behind it.</summary>
    public long LastTurnAt { get; private set; }

    public int EventCount { get; private set; }

    public bool HasPending => _pending.Count > 0;

    /// <summary>True when the orchestrator has something to do: its first turn, or arrivals it has not seen.</summary>
    public bool NeedsTurn => !HasRun || _pending.Count > 0;

    public void Apply(HistoryEvent historyEvent)
    {
        EventCount++;
        switch (historyEvent)
        {
            case ExecutionStarted e: Start = e; break;
            case TurnStarted e:
                LastTurnAt = e.At;
                HasRun = true;
                break;
            case TaskScheduled e: Activities.Add(e.TaskId, e); break;
            case TaskCompleted e:
                Activities.Remove(e.TaskId);
                _pending.Add(e);
                break;
            case TaskFailed e:
                Activities.Remove(e.TaskId);
                _pending.Add(e);
                break;
            case TimerCreated e: Timers.Add(e.TaskId, e.FireAt); break;
            case TimerFired e:
                Timers.Remove(e.TaskId);
                _pending.Add(e);
                break;
            case TimerCancelled e: Timers.Remove(e.TaskId); break;
            case SubOrchestrationScheduled e: Children.Add(e.TaskId, e); break;
            case SubOrchestrationCompleted e:
                Children.Remove(e.TaskId);
                _pending.Add(e);
                break;
            case SubOrchestrationFailed e:
                Children.Remove(e.TaskId);
                _pending.Add(e);
                break;
            case EventRaised: _pending.Add(historyEvent); break;
            case ExecutionSuspended: IsSuspended = true; break;
            case ExecutionResumed: IsSuspended = false; break;
            case ExecutionCompleted or ExecutionFailed or ExecutionTerminated or ExecutionForked: break;
            default: throw new InvalidOperationException($"History event '{historyEvent.GetType().Name}' has no meaning for the state.");
        }
    }

    /// <summary>Hands over what arrived since the last turn. The list is valid until the next call.</summary>
    public List<HistoryEvent> TakePending()
    {
        var taken = _pending;
        _spare.Clear();
        (_pending, _spare) = (_spare, taken);
        return taken;
    }

    public long? NextTimer()
    {
        long? next = null;
        foreach (var fireAt in Timers.Values)
        {
            next = next is { } earliest && earliest <= fireAt ? earliest : fireAt;
        }
        return next;
    }

    /// <summary>Timers due at <paramref name="now"/>, earliest first, so that a late restart fires them in the order in which they were meant.</summary>
    public IEnumerable<TimerFired> DueTimers(long now) => Timers.Count == 0
        ? []
        : [.. Timers.Where(timer => timer.Value <= now).OrderBy(timer => timer.Value).ThenBy(timer => timer.Key).Select(timer => new TimerFired(timer.Key))];
}
