using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Replay;

/// <summary>
/// Every request of the orchestrator passes here. In a new turn it is recorded; in a replayed turn it is compared with what history
/// says that turn asked for. After the first difference nothing is recorded or completed any more.
/// </summary>
internal sealed class ReplayGate(ExecutionIdentity identity, TurnRequests requests)
{
    private readonly Dictionary<int, IOpenTask> _open = [];
    private IReadOnlyList<HistoryEvent>? _history;
    private int _cursor;

    public TurnRequests Requests => requests;

    /// <summary>The position of the next call, counted from 0; a failed call to write an input takes none.</summary>
    public int NextTaskId { get; private set; }

    public int OpenTasks => _open.Count;

    public FailureDetails? Divergence { get; private set; }

    /// <summary>From here on requests are compared with <paramref name="history"/>, starting at <paramref name="position"/>.</summary>
    public void Expect(IReadOnlyList<HistoryEvent> history, int position) => (_history, _cursor) = (history, position);

    /// <summary>From here on requests are recorded.</summary>
    public void Record() => _history = null;

    /// <summary>The end of a replayed turn: what history says beyond this point was not asked for by the code.</summary>
    /// <returns>The position of the first event that is not a request.</returns>
    public int EndOfReplayedTurn()
    {
        if (Divergence is null && _cursor < _history!.Count && IsRequest(_history[_cursor]))
        {
            Diverge(HistoryView.Describe(_history[_cursor]), "the code did nothing more in that turn");
        }
        return _cursor;
    }

    public void Open(HistoryEvent scheduled, IOpenTask task, ReadOnlyMemory<byte> childInput = default)
    {
        _open.Add(NextTaskId++, task);
        Record(scheduled);
        if (_history is null && scheduled is SubOrchestrationScheduled child)
        {
            requests.Children.Add((child, childInput));
        }
    }

    public void Record(HistoryEvent request)
    {
        if (Divergence is not null)
        {
            return;
        }
        if (_history is null)
        {
            requests.Events.Add(request);
            return;
        }
        var recorded = _cursor < _history.Count && IsRequest(_history[_cursor]) ? _history[_cursor] : null;
        if (recorded is null || !Matches(recorded, request))
        {
            Diverge(recorded is null ? "the turn asked for nothing more" : HistoryView.Describe(recorded), $"the code did {HistoryView.Describe(request)}");
            return;
        }
        _cursor++;
    }

    public bool TryClose(int taskId) => _open.Remove(taskId);

    public bool TryClose(int taskId, out IOpenTask? task) => _open.Remove(taskId, out task);

    /// <summary>An orchestrator that ends where history says it went on.</summary>
    public void DivergeByEnding(string how) => Diverge(
        _cursor < _history!.Count ? HistoryView.Describe(_history[_cursor]) : "the execution went on", how);

    private void Diverge(string recorded, string did)
    {
        Divergence ??= new FailureDetails(
            DurableErrorTypes.Divergence,
            $"Replay of instance '{identity.InstanceId}' (orchestrator '{identity.Name}', version '{identity.Version}') diverged at step {_cursor}: "
            + $"history says {recorded}; {did}. The history is kept. Put the code right, or register the recorded version, and resume the instance.",
            IsNonRetryable: true);
    }

    public static bool IsRequest(HistoryEvent e) => e is TaskScheduled or TimerCreated or TimerCancelled or SubOrchestrationScheduled;

    /// <remarks>Payloads and times are not compared: they are recorded, and the recorded ones count.</remarks>
    private static bool Matches(HistoryEvent recorded, HistoryEvent request) => (recorded, request) switch
    {
        (TaskScheduled a, TaskScheduled b) => a.TaskId == b.TaskId && a.Name == b.Name,
        (TimerCreated a, TimerCreated b) => a.TaskId == b.TaskId,
        (TimerCancelled a, TimerCancelled b) => a.TaskId == b.TaskId,
        (SubOrchestrationScheduled a, SubOrchestrationScheduled b) => a.TaskId == b.TaskId && a.Name == b.Name && a.InstanceId == b.InstanceId,
        _ => false,
    };
}
