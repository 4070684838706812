using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Replay;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Dispatch;

internal sealed partial class InstanceRunner
{
    private readonly AppendOperation _append = new();
    private readonly ByteWriter _bytes = new();
    private readonly HashSet<(int Execution, int TaskId)> _inFlight = [];
    private readonly List<TaskScheduled> _endedActivities = [];
    private InstanceState _state = new();
    private List<HistoryEvent>? _history;
    private Coroutine? _coroutine;

    // What is on disk, as far as the last commit of this runner knows.
    private InstanceRow? _row;
    private int _execution;
    private int _nextSequence;
    private bool _isBusy;
    private long? _due;
    private bool _isGone;

    public StoreOperation Operation => _append;

    private bool CanPark => _row is not null && _inFlight.Count == 0 && !_isGone;

    /// <summary>After the commit, on the writer's thread: only now does the world learn of the turn.</summary>
    public void Committed()
    {
        _bytes.Clear();
        if (_append.IsStale)
        {
            PutBack();
            core.Queue(this);
            return;
        }
        _failures = 0;
        _nextSequence += _append.Events.IsEmpty ? 0 : 1;
        var previousDue = _due;
        if (_append.Change is { } change)
        {
            (_isBusy, _due) = (change.Busy || _append.RefusedChildren.Count > 0, change.Due);
            _row = _row! with { Status = change.Status, Execution = change.Execution, Diverged = change.Diverged, Failure = change.Failure };
        }
        foreach (var command in _accepted)
        {
            command.Answer(CommandOutcome.Accepted);
        }
        StartChildren();
        ReleaseActivities();
        DispatchActivities();
        if (_due is { } due && due != previousDue)
        {
            core.Timers.Schedule(Id, due);
        }
        if (_status.IsTerminal())
        {
            End();
        }
        else if (_continuedAsNew)
        {
            Post(Wake.Instance);
        }
        Continue();
    }

    public void Failed(Exception exception)
    {
        _bytes.Clear();
        RetryLater(exception);
    }

    /// <returns>False when nothing changed.</returns>
    private bool Commit(long now)
    {
        var ended = _status.IsTerminal();
        var busy = !ended && (_state.Activities.Count > 0 || (_state.NeedsTurn && !_state.IsSuspended && !IsPostponed(now)));
        var due = ended || _state.IsSuspended ? null : _state.HasRun || _execution > 0 ? _state.NextTimer() : _row!.StartAt;
        if (busy != _isBusy || due != _due || _status != _row!.Status || _execution != _row.Execution
            || _requests.CustomStatus is not null || _diverged != _row.Diverged || !Equals(_failure, _row.Failure))
        {
            _append.Change = new InstanceChange(_status, _execution, now, busy, due)
            {
                CustomStatus = _requests.CustomStatus,
                Failure = _failure,
                Diverged = _diverged,
                Unreported = ended && !_diverged && _row!.Parent is not null,
            };
        }
        if (_events.Count == 0 && _append.Change is null)
        {
            foreach (var command in _accepted)
            {
                command.Answer(CommandOutcome.Accepted);
            }
            return false;
        }
        if (_events.Count > 0)
        {
            HistoryCodec.Write(_bytes, _events);
            _append.Events = _bytes.Written;
        }
        (_append.Key, _append.Sequence, _append.At, _append.ReplacesHistory) = (_row!.Key, _nextSequence, now, _continuedAsNew);
        core.Writer.Enqueue(this);
        return true;
    }

    private bool IsPostponed(long now) => !_state.HasRun && _row!.StartAt > now;

    private void StartChildren()
    {
        foreach (var child in _append.Children)
        {
            if (_append.RefusedChildren.Contains(child))
            {
                var failure = new SubOrchestrationFailed(child.Parent!.TaskId, Ending.Duplicate(child.Id));
                Post(new ChildDone(child.Parent, failure, null));
            }
            else
            {
                core.Instances.Start(child.Id);
            }
        }
    }

    /// <summary>Only when its result is recorded is an attempt over: until then a dropped turn must not start it again.</summary>
    private void ReleaseActivities()
    {
        foreach (var message in _taken)
        {
            if (message is ActivityDone done)
            {
                _inFlight.Remove((done.Execution, done.TaskId));
            }
        }
    }

    private void DispatchActivities()
    {
        foreach (var historyEvent in _events)
        {
            if (historyEvent is TaskScheduled scheduled)
            {
                Dispatch(scheduled, _execution);
            }
        }
        foreach (var last in _endedActivities)
        {
            Dispatch(last, _execution - 1);
        }
        _endedActivities.Clear();
    }

    private void Dispatch(TaskScheduled scheduled, int execution)
    {
        if (_inFlight.Add((execution, scheduled.TaskId)))
        {
            core.Activities.Dispatch(this, execution, scheduled);
        }
    }

    private void End()
    {
        _isGone = !_diverged;
        if (_append.Change is { Unreported: true } && _row!.Parent is { } parent)
        {
            HistoryEvent result = _events[^1] is ExecutionCompleted completed
                ? new SubOrchestrationCompleted(parent.TaskId, completed.Output)
                : new SubOrchestrationFailed(parent.TaskId, _failure!);
            core.Instances.Deliver(parent.InstanceId, new ChildDone(parent, result, Id));
        }
        _coroutine = null;
        core.Waiters.Ended(Id);
    }
}
