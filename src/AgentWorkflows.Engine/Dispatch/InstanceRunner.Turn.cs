using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Replay;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Dispatch;

internal sealed partial class InstanceRunner
{
    private readonly List<HistoryEvent> _events = [];
    private readonly List<Command> _accepted = [];
    private readonly TurnRequests _requests = new();
    private OrchestrationStatus _status;
    private FailureDetails? _failure;
    private bool _diverged;
    private bool _continuedAsNew;
    private bool _mustReplay;

    /// <summary>Takes the messages as one turn.</summary>
    /// <returns>True when a commit is under way; else there was nothing to record and the messages are answered.</returns>
    private bool Process()
    {
        if (_isForgotten)
        {
            Unload();
        }
        if (_row is null && !Load())
        {
            AnswerAll(CommandOutcome.NotFound);
            return false;
        }
        _events.Clear();
        _accepted.Clear();
        _requests.Clear();
        _append.Clear();
        _continuedAsNew = _mustReplay = false;
        var now = core.Now;
        // By index: taking a message up again after a divergence adds the ends of children.
        for (var i = 0; i < _taken.Count; i++)
        {
            Accept(_taken[i], now);
        }
        if (!_status.IsTerminal())
        {
            Conclude(Advance(now), now);
        }
        return Commit(now);
    }

    private void Accept(Message message, long now)
    {
        switch (message)
        {
            case Wake: break;
            // The clock was set back since: nothing fires now, and nobody else remembers the timer.
            case TimerDue timer when timer.Due > now: core.Timers.Schedule(Id, timer.Due); break;
            case TimerDue: break;
            case ActivityDone done:
                // Of an execution that is over, or told twice after a commit that failed: nobody waits for it.
                if (!_status.IsTerminal() && done.Execution == _execution && _state.Activities.ContainsKey(done.TaskId))
                {
                    Record(done.Result);
                }
                else
                {
                    _inFlight.Remove((done.Execution, done.TaskId));
                }
                break;
            case ChildDone done:
                if (!_status.IsTerminal() && done.Parent.Execution == _execution && _state.Children.ContainsKey(done.Parent.TaskId))
                {
                    Record(done.Result);
                    if (done.ReportedChild is not null)
                    {
                        _append.ReportedChildren.Add(done.ReportedChild);
                    }
                }
                break;
            case Command command: Accept(command); break;
            default: throw new InvalidOperationException($"Unknown message '{message.GetType().Name}'.");
        }
    }

    private void Accept(Command command)
    {
        if (_status.IsTerminal() && !(_diverged && command is ResumeCommand))
        {
            command.Answer(CommandOutcome.AlreadyFinished);
            return;
        }
        _accepted.Add(command);
        switch (command)
        {
            case RaiseCommand raise: Record(raise.Event); break;
            case SuspendCommand suspend when !_state.IsSuspended: Record(new ExecutionSuspended(suspend.Reason)); break;
            case ResumeCommand when _diverged:
                (_diverged, _failure, _status, _mustReplay) = (false, null, OrchestrationStatus.Running, true);
                Recover();
                break;
            case ResumeCommand resume when _state.IsSuspended: Record(new ExecutionResumed(resume.Reason)); break;
            case SuspendCommand or ResumeCommand: break;
            default: throw new InvalidOperationException($"Unknown command '{command.GetType().Name}'.");
        }
    }

    /// <summary>Runs the orchestrator if it has something to do and may run.</summary>
    private TurnOutcome Advance(long now)
    {
        if (_state.IsSuspended || (!_state.HasRun && _row!.StartAt > now))
        {
            return TurnOutcome.Waiting.Instance;
        }
        foreach (var fired in _state.DueTimers(now))
        {
            Record(fired);
        }
        if (!_state.NeedsTurn && !_mustReplay && _coroutine is not { IsMisused: true })
        {
            return TurnOutcome.Waiting.Instance;
        }
        if (!core.Registry.TryGetOrchestrator(_row!.Name, _row.Version, out var registration))
        {
            return WithoutRegistration();
        }
        if (EnsureCoroutine(registration) is TurnOutcome.Diverged diverged)
        {
            return diverged;
        }
        return _state.NeedsTurn || _coroutine!.IsMisused ? RunTurn(now) : TurnOutcome.Waiting.Instance;
    }

    /// <summary>
    /// An instance that has run before loses nothing when its orchestrator is missing after a deployment: arrivals are recorded, and it waits
    /// for a process that knows it. A new one fails, because the name never was right.
    /// </summary>
    private TurnOutcome WithoutRegistration()
    {
        if (!_state.HasRun && _execution == 0)
        {
            return new TurnOutcome.Failed(Ending.OrchestratorNotRegistered(_row!.Name, _row.Version));
        }
        core.Logger.OrchestratorMissing(Id, _row!.Name, _row.Version);
        return TurnOutcome.Waiting.Instance;
    }

    private TurnOutcome RunTurn(long now)
    {
        core.CountTurn();
        // The orchestrator's clock never goes back, also when the machine's does.
        var at = Math.Max(now, _state.LastTurnAt);
        Record(new TurnStarted(at));
        var outcome = _coroutine!.Turn(at, _state.TakePending());
        foreach (var request in _requests.Events)
        {
            Record(request);
        }
        foreach (var (scheduled, input) in _requests.Children)
        {
            _append.Children.Add(new NewInstance(
                scheduled.InstanceId, scheduled.Name, scheduled.Version, now, null, new ParentLink(Id, _execution, scheduled.TaskId), input));
        }
        return outcome;
    }

    private TurnOutcome EnsureCoroutine(OrchestratorRegistration registration)
    {
        if (_coroutine is not null)
        {
            return TurnOutcome.Waiting.Instance;
        }
        var identity = new ExecutionIdentity(
            Id, _execution, _row!.CreatedAt, _row.Name, _row.Version, _row.Parent?.InstanceId, _state.Start!.Input);
        var coroutine = new Coroutine(registration, core.Services, identity, core.Limits, core.Loggers, _requests, () => Post(Wake.Instance));
        if (_history is { } history && _state.HasRun)
        {
            core.CountReplay();
            if (coroutine.Replay(history) is TurnOutcome.Diverged diverged)
            {
                return diverged;
            }
        }
        _history = null;
        _coroutine = coroutine;
        return TurnOutcome.Waiting.Instance;
    }

    private void Conclude(TurnOutcome outcome, long now)
    {
        switch (outcome)
        {
            case TurnOutcome.Waiting:
                _status = _state.IsSuspended ? OrchestrationStatus.Suspended
                    : _state.HasRun || _execution > 0 ? OrchestrationStatus.Running : OrchestrationStatus.Pending;
                break;
            case TurnOutcome.Completed completed:
                Record(new ExecutionCompleted(completed.Output));
                _status = OrchestrationStatus.Completed;
                break;
            case TurnOutcome.Failed failed:
                Record(new ExecutionFailed(failed.Failure));
                (_status, _failure) = (OrchestrationStatus.Failed, failed.Failure);
                break;
            case TurnOutcome.ContinuedAsNew continued: StartNextExecution(continued); break;
            case TurnOutcome.Diverged diverged:
                // On the row only: an end in history would stand in the way of a later resume.
                (_status, _failure, _diverged) = (OrchestrationStatus.Failed, diverged.Failure, true);
                core.Logger.Diverged(diverged.Failure.Message);
                break;
            default: throw new InvalidOperationException($"Unknown outcome '{outcome.GetType().Name}' at {now}.");
        }
    }

    private void StartNextExecution(TurnOutcome.ContinuedAsNew continued)
    {
        _continuedAsNew = true;
        _endedActivities.AddRange(_events.OfType<TaskScheduled>());
        _events.Clear();
        _execution++;
        _state = new InstanceState();
        _coroutine = null;
        Record(new ExecutionStarted(_row!.Name, _row.Version, continued.Input));
        foreach (var kept in continued.KeptEvents)
        {
            Record(kept);
        }
        _status = OrchestrationStatus.Running;
    }

    private void Record(HistoryEvent historyEvent)
    {
        _events.Add(historyEvent);
        _state.Apply(historyEvent);
    }

    private void AnswerAll(CommandOutcome outcome)
    {
        foreach (var command in _taken.OfType<Command>())
        {
            command.Answer(outcome);
        }
    }
}
