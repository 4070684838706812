using System.Diagnostics.CodeAnalysis;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Engine.Replay;

/// <summary>
/// A running orchestrator in memory: a cache of its history. It takes one turn at a time, from one thread at a time. It can be
/// dropped at any moment and made again by <see cref="Replay"/>.
/// </summary>
internal sealed class Coroutine
{
    public const string NotDurableType = "NotDurable";

    public const string NotDurable =
        "The orchestrator awaited, or ran on a thread of, something that is not durable. Inside an orchestrator await only activities, timers, "
        + "external events and sub-orchestrations of its context; no Task.Run, Task.Delay, I/O or ConfigureAwait(false).";

    private readonly OrchestratorRegistration _registration;
    private readonly IServiceProvider _services;
    private readonly ExecutionIdentity _identity;
    private readonly ExecutionLimits _limits;
    private readonly OrchestrationThread _thread;
    private readonly OrchestrationContext _context;
    private readonly ReplayGate _gate;
    private readonly EventInbox _inbox = new();
    private readonly Action _wake;
    private Task<object?>? _execution;
    private volatile bool _misused;

    /// <param name="wake">Called from any thread when foreign work arrives between turns: the next turn then fails the execution.</param>
    public Coroutine(
        OrchestratorRegistration registration, IServiceProvider services, ExecutionIdentity identity, ExecutionLimits limits,
        ILoggerFactory loggers, TurnRequests requests, Action wake)
    {
        _registration = registration;
        _services = services;
        _identity = identity;
        _limits = limits;
        _wake = wake;
        _thread = new OrchestrationThread(ReportMisuse);
        _gate = new ReplayGate(identity, requests);
        _context = new OrchestrationContext(identity, limits, _thread, _gate, _inbox, loggers, ReportMisuse);
    }

    /// <summary>True when something that is not durable tried to run the orchestrator: its next turn fails the execution.</summary>
    public bool IsMisused => _misused;

    /// <summary>Brings a new coroutine to where history ends. Turns are cut exactly as recorded.</summary>
    public TurnOutcome Replay(IReadOnlyList<HistoryEvent> history)
    {
        _context.IsReplaying = true;
        _context.Origin = OriginAfter(history, 0);
        var arrived = new List<HistoryEvent>();
        for (var i = 0; i < history.Count;)
        {
            if (history[i] is ExecutionForked)
            {
                _context.Origin = OriginAfter(history, ++i);
                continue;
            }
            if (history[i] is not TurnStarted turn)
            {
                arrived.Add(history[i++]);
                continue;
            }
            _gate.Expect(history, i + 1);
            Run(turn.At, arrived);
            arrived.Clear();
            i = _gate.EndOfReplayedTurn();
            if (_gate.Divergence is null && (_execution!.IsCompleted || _context.Continuation is not null))
            {
                if (i < history.Count && history[i] is ExecutionCompleted or ExecutionFailed)
                {
                    return Compare(history[i]);
                }
                _gate.DivergeByEnding(_execution.IsCompleted ? "the code ended the execution" : "the code continued as new");
            }
            if (_gate.Divergence is { } divergence)
            {
                return new TurnOutcome.Diverged(divergence);
            }
        }
        _context.IsReplaying = false;
        _gate.Record();
        _gate.Requests.Clear();
        return TurnOutcome.Waiting.Instance;
    }

    /// <summary>Who recorded the events from this position on: a fork names the instance that everything before it came from.</summary>
    private ExecutionForked OriginAfter(IReadOnlyList<HistoryEvent> history, int position)
    {
        for (var i = position; i < history.Count; i++)
        {
            if (history[i] is ExecutionForked forked)
            {
                return forked;
            }
        }
        return OrchestrationContext.Own(_identity);
    }

    /// <summary>A whole recorded execution, its end included, against the code as it is now. For checks: nothing is recorded.</summary>
    /// <returns>What the code came to, which is what history says, or how it differs.</returns>
    private TurnOutcome Compare(HistoryEvent recorded)
    {
        var outcome = _execution!.IsCompletedSuccessfully ? Completed(_execution) : Failed(_execution);
        var same = (recorded, outcome) switch
        {
            (ExecutionCompleted a, TurnOutcome.Completed b) => a.Output.Span.SequenceEqual(b.Output.Span),
            (ExecutionFailed a, TurnOutcome.Failed b) => a.Failure.ErrorType == b.Failure.ErrorType,
            _ => false,
        };
        if (!same)
        {
            _gate.DivergeByEnding("the code ended with another result");
        }
        return _gate.Divergence is { } divergence ? new TurnOutcome.Diverged(divergence) : outcome;
    }

    /// <summary>Hands over what arrived and runs the orchestrator until it waits again or ends.</summary>
    public TurnOutcome Turn(long at, List<HistoryEvent> arrived)
    {
        Run(at, arrived);
        if (_misused)
        {
            return new TurnOutcome.Failed(new FailureDetails(NotDurableType, NotDurable, true));
        }
        if (_execution!.IsCompleted && !_execution.IsCompletedSuccessfully)
        {
            return Failed(_execution);
        }
        if (_context.Continuation is { } next)
        {
            return new TurnOutcome.ContinuedAsNew(next.Input, next.KeepEvents ? _inbox.Unconsumed() : []);
        }
        if (_execution.IsCompleted)
        {
            return Completed(_execution);
        }
        // Nothing that history could answer is open, so nothing would ever wake it: it awaits something else.
        return _gate.OpenTasks + _inbox.Waiters > 0
            ? TurnOutcome.Waiting.Instance
            : new TurnOutcome.Failed(new FailureDetails(NotDurableType, NotDurable, true));
    }

    private void Run(long at, List<HistoryEvent> arrived)
    {
        _context.CurrentUtcDateTime = new DateTimeOffset(at, TimeSpan.Zero);
        if (_execution is null)
        {
            _thread.Run(static self => self._execution = self.Start(), this);
        }
        for (var i = 0; i < arrived.Count; i++)
        {
            // One at a time, each with all its continuations: the order in history is the order in which the code sees results.
            _thread.Run(static step => step.Self.Deliver(step.Event), (Self: this, Event: arrived[i]));
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the orchestrator throws is its failure.")]
    private async Task<object?> Start()
    {
        var input = Payload.Read(_identity.Input, _registration.InputType, $"The input of orchestrator '{_identity.Name}'");
        return await _registration.RunAsync(_services, _context, input);
    }

    private void Deliver(HistoryEvent arrived)
    {
        switch (arrived)
        {
            case EventRaised e: _inbox.Deliver(e, keep: _execution!.IsCompleted || _context.Continuation is not null); break;
            case TaskCompleted e: Close(e.TaskId)?.Complete(e.Output); break;
            case TaskFailed e: Close(e.TaskId)?.Fail(e.Failure); break;
            case SubOrchestrationCompleted e: Close(e.TaskId)?.Complete(e.Output); break;
            case SubOrchestrationFailed e: Close(e.TaskId)?.Fail(e.Failure); break;
            // A timer that the code cancelled earlier in this very turn is closed already.
            case TimerFired e: Close(e.TaskId)?.Complete(default); break;
            case ExecutionStarted or ExecutionSuspended or ExecutionResumed: break;
            default: throw new InvalidOperationException($"History event '{HistoryView.Describe(arrived)}' cannot be delivered.");
        }
    }

    private IOpenTask? Close(int taskId) => _gate.Divergence is null && _gate.TryClose(taskId, out var task) ? task : null;

    private TurnOutcome Completed(Task<object?> execution)
    {
        try
        {
            var output = execution.GetAwaiter().GetResult();
            return new TurnOutcome.Completed(
                Payload.Write(output, _registration.OutputType, _limits.MaxPayloadBytes, $"The output of orchestrator '{_identity.Name}'"));
        }
        catch (DurableException e)
        {
            return new TurnOutcome.Failed(FailureDetails.FromException(e));
        }
    }

    private static TurnOutcome.Failed Failed(Task execution) =>
        new(FailureDetails.FromException(execution.Exception?.InnerException ?? new TaskCanceledException(execution)));

    private void ReportMisuse()
    {
        _misused = true;
        _wake();
    }
}
