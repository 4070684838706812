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
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }
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

    private bool Load()
    {
        if (core.Store.Load(Id) is not { } stored)
        {
            _isGone = true;
            return false;
        }
        _isGone = false;
        _row = stored.Row;
        (_status, _failure, _diverged) = (stored.Row.Status, stored.Row.Failure, stored.Row.Diverged);
        (_execution, _isBusy, _due) = (stored.Row.Execution, stored.Row.Busy, stored.Row.Due);
        _nextSequence = stored.History[^1].Sequence + 1;
        _isGone = _status.IsTerminal() && !_diverged;
        if (_isGone)
        {
            return true;
        }
        _history = [];
        foreach (var record in stored.History)
        {
            HistoryCodec.Read(record.Events, _history);
        }
        foreach (var historyEvent in _history)
        {
            if (historyEvent is TurnStarted)
            {
                _state.TakePending();
            }
            _state.Apply(historyEvent);
        }
        if (!_status.IsTerminal())
        {
            Recover();
        }
        return true;
    }

    /// <summary>What the last process, or a dropped turn, left open: activities without a result run again, ends of children are fetched.</summary>
    private void Recover()
    {
        foreach (var scheduled in _state.Activities.Values)
        {
            Dispatch(scheduled, _execution);
        }
        foreach (var child in _isBusy || _row!.Diverged ? _state.Children.Values.ToArray() : [])
        {
            if (EndOf(child) is { } done)
            {
                _taken.Add(done);
            }
        }
    }

    private ChildDone? EndOf(SubOrchestrationScheduled child)
    {
        var link = new ParentLink(Id, _execution, child.TaskId);
        if (core.Store.LoadEnds(child.InstanceId) is not { } stored)
        {
            return new ChildDone(link, new SubOrchestrationFailed(child.TaskId, Ending.Purged(child.InstanceId)), null);
        }
        if (stored.Row.Parent != link)
        {
            return new ChildDone(link, new SubOrchestrationFailed(child.TaskId, Ending.Duplicate(child.InstanceId)), null);
        }
        if (!stored.Row.Status.IsTerminal() || stored.Row.Diverged)
        {
            return null;
        }
        var last = new List<HistoryEvent>();
        HistoryCodec.Read(stored.History[^1].Events, last);
        HistoryEvent result = last[^1] is ExecutionCompleted completed
            ? new SubOrchestrationCompleted(child.TaskId, completed.Output)
            : new SubOrchestrationFailed(child.TaskId, stored.Row.Failure!);
        return new ChildDone(link, result, child.InstanceId);
    }

    private void Unload()
    {
        _row = null;
        _coroutine = null;
        _history = null;
        _state = new InstanceState();
        _isForgotten = false;
        _append.IsAbandoned = false;
        _isGone = false;
        _endedActivities.Clear();
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
