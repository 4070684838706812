using AgentWorkflows.Agents;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow;
using AgentWorkflows.Workflow.V1;

namespace AgentWorkflows.Sessions;

/// <summary>What became of a request to roll a session back.</summary>
public abstract record RollbackOutcome
{
    /// <summary>It runs, or was running already.</summary>
    public sealed record Started(string InstanceId) : RollbackOutcome;

    /// <summary>There is no such session.</summary>
    public sealed record NotFound : RollbackOutcome;

    /// <summary>The session has not ended; terminate it first, or wait.</summary>
    public sealed record StillRunning(SessionStatus Status) : RollbackOutcome;

    /// <summary>The session changed nothing, or everything it changed is taken back already.</summary>
    public sealed record NothingToDo : RollbackOutcome;

    /// <summary>The session ended longer ago than its agent's retention.</summary>
    public sealed record TooLate(DateTimeOffset EndedAt, TimeSpan Retention) : RollbackOutcome;
}

/// <summary>Rollback on demand, after the end. Thread-safe.</summary>
public sealed class RollbackService
{
    private readonly SessionService _sessions;
    private readonly SessionEnds _ends;
    private readonly ISessionStore _store;
    private readonly IOrchestrationClient _orchestrations;
    private readonly AgentSnapshots _snapshots;
    private readonly TimeProvider _time;
    private readonly Instruments _telemetry;

    internal RollbackService(
        SessionService sessions, SessionEnds ends, ISessionStore store, IOrchestrationClient orchestrations, AgentSnapshots snapshots,
        TimeProvider time, Instruments telemetry)
    {
        _sessions = sessions;
        _ends = ends;
        _store = store;
        _orchestrations = orchestrations;
        _snapshots = snapshots;
        _time = time;
        _telemetry = telemetry;
    }

    public async Task<RollbackOutcome> RollbackAsync(string sessionId, string? reason, CancellationToken cancellationToken)
    {
        if (await _sessions.GetAsync(sessionId, cancellationToken) is not { } view)
        {
            return new RollbackOutcome.NotFound();
        }
        // Before the status: a session that was terminated or failed outside its own code may be shown as ended while its rollback runs.
        if (await _ends.FindRollbackAsync(sessionId, cancellationToken) is { } running)
        {
            return new RollbackOutcome.Started(running);
        }
        if (!view.Status.IsTerminal())
        {
            return new RollbackOutcome.StillRunning(view.Status);
        }
        var progress = view.Session.Progress;
        if (SagaStack.Outstanding(progress.Compensations).Count == 0)
        {
            return new RollbackOutcome.NothingToDo();
        }
        var agent = await _snapshots.RequireAsync(view.Session.SnapshotHash, cancellationToken);
        if (_time.GetUtcNow() - view.Session.UpdatedAt > agent.Rollback.Retention)
        {
            return new RollbackOutcome.TooLate(view.Session.UpdatedAt, agent.Rollback.Retention);
        }
        return await StartAsync(view, reason, cancellationToken);
    }

    /// <summary>Completes when a started rollback has ended.</summary>
    public async Task<SessionView?> WaitForEndAsync(RollbackOutcome.Started started, string sessionId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(started);
        await _orchestrations.WaitForInstanceCompletionAsync(started.InstanceId, false, cancellationToken);
        return await _sessions.GetAsync(sessionId, cancellationToken);
    }

    private async Task<RollbackOutcome> StartAsync(SessionView view, string? reason, CancellationToken cancellationToken)
    {
        var session = view.Session;
        var progress = session.Progress;
        var state = new SessionState
        {
            Turn = progress.Turn,
            ToolCalls = progress.ToolCalls,
            Tokens = progress.Tokens,
            CostMicros = progress.CostMicros,
            Revision = progress.Revision + 1,
            Saga = progress.Compensations,
        };
        var failure = progress.Failure ?? SessionFailure.Redacted(
            FailureCategory.Quality, "rolled_back_on_demand", string.IsNullOrWhiteSpace(reason) ? "Rolled back on demand." : $"Rolled back on demand: {reason}");
        var id = AgentRollbackOrchestrator.InstanceId(session.Id, progress.Revision);
        var reference = new SessionRef(session.Id, session.Agent, session.SnapshotHash, session.UserId, session.TaskType)
        {
            Role = StartRequestRules.RoleOf(session.Context),
        };
        using var span = _telemetry.Root(Instruments.SpanNames.StartRollback, reference);
        reference = reference with { TraceParent = Instruments.TraceParent(span) };
        await _orchestrations.StartAsync(
            SessionSteps.Rollback, new RollbackInput(reference, state, failure, _time.GetUtcNow()),
            new StartOrchestrationOptions { InstanceId = id }, cancellationToken);
        // Shown at once, so that whoever asked does not see the old end for a moment. The rollback's own steps have higher revisions.
        await _store.UpdateProgressAsync(
            session.Id, progress with { Revision = progress.Revision + 1, Status = SessionStatus.Compensating, Phase = "compensate" }, _time.GetUtcNow(), cancellationToken);
        return new RollbackOutcome.Started(id);
    }
}
