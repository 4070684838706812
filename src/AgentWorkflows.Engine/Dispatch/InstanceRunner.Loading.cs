using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Dispatch;

internal sealed partial class InstanceRunner
{
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
        _history = Decode(stored);
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

    private List<HistoryEvent> Decode(StoredInstance stored)
    {
        try
        {
            return EffectiveHistory.Of(stored.History);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            _row = null;
            throw new EngineStorageException(
                $"The history of instance '{Id}' cannot be read: {e.Message} The instance is left as it is; verify the file with the command 'check-store'.", 11, e);
        }
    }

    private void Unload()
    {
        _row = null;
        _coroutine = null;
        _history = null;
        _state = new InstanceState();
        _isForgotten = false;
        _append.IsAbandoned = _hasEnded;
        _isGone = false;
        _endedActivities.Clear();
    }
}
