using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow;

namespace AgentWorkflows.Sessions;

/// <summary>Starting, reading and ending sessions: what every host's API and command line call. Thread-safe.</summary>
public sealed class SessionService
{
    private const int MaxPendingApprovals = 100;

    private readonly IOrchestrationClient _orchestrations;
    private readonly ISessionStore _store;
    private readonly IApprovalStore _approvals;
    private readonly SessionEnds _ends;
    private readonly IAgentCatalog _agents;
    private readonly AgentSnapshots _snapshots;
    private readonly IChatModelCatalog _models;
    private readonly TimeProvider _time;
    private readonly IdSource _ids;
    private readonly Instruments _telemetry;

    internal SessionService(
        IOrchestrationClient orchestrations, ISessionStore store, IApprovalStore approvals, SessionEnds ends, IAgentCatalog agents,
        AgentSnapshots snapshots, IChatModelCatalog models, TimeProvider time, IdSource ids, Instruments telemetry)
    {
        _orchestrations = orchestrations;
        _store = store;
        _approvals = approvals;
        _ends = ends;
        _agents = agents;
        _snapshots = snapshots;
        _models = models;
        _time = time;
        _ids = ids;
        _telemetry = telemetry;
    }

    /// <summary>
    /// Validates the request, keeps the agent's snapshot and starts the session's orchestration. The start is what counts: the listing is written
    /// afterwards, by this call or, if it dies here, by the session's first step.
    /// </summary>
    public async Task<StartSessionOutcome> StartAsync(StartSessionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await _agents.FindAsync(request.Agent, cancellationToken) is not { } agent)
        {
            if (_agents.Held.FirstOrDefault(held => held.Name == request.Agent) is { } held)
            {
                return new StartSessionOutcome.Invalid([new RequestProblem("agent_not_available", "$.agent", $"The agent '{held.Name}' cannot be started now. {held.Reason}")]);
            }
            var known = string.Join(", ", _agents.Agents.Select(a => a.Name).Order(StringComparer.Ordinal));
            return new StartSessionOutcome.Invalid([new RequestProblem("unknown_agent", "$.agent", $"There is no agent of that name. Known: {known}.")]);
        }
        if (StartRequestRules.Check(request, agent) is [_, ..] problems)
        {
            if (problems.Any(problem => problem.Code == StartRequestRules.InjectionDetected))
            {
                _telemetry.InjectionDetected(agent.Name, null, agent.Screening.Injection);
            }
            return new StartSessionOutcome.Invalid(problems);
        }
        var hash = await _snapshots.SaveAsync(agent, cancellationToken);
        var untraced = InputOf(request, agent, hash);
        using var span = _telemetry.Root(Instruments.SpanNames.StartSession, untraced.Session);
        var input = untraced with { Session = untraced.Session with { TraceParent = Instruments.TraceParent(span) } };
        var started = await _orchestrations.StartAsync(
            SessionSteps.Session, input, new StartOrchestrationOptions { InstanceId = input.Session.Id }, cancellationToken);
        if (started is StartOutcome.DuplicateStart)
        {
            return new StartSessionOutcome.AlreadyExists(input.Session.Id);
        }
        await _store.TryCreateAsync(OpenSessionActivity.RecordOf(input.Session, input.Opening!, input.StartedAt), cancellationToken);
        return new StartSessionOutcome.Started(input.Session.Id);
    }

    public async Task<SessionView?> GetAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (await _store.GetAsync(sessionId, cancellationToken) is not { } session)
        {
            return null;
        }
        var instance = session.Progress.Status.IsTerminal() ? null : await _orchestrations.GetInstanceAsync(sessionId, false, cancellationToken);
        // What ended outside the session's code may not stand in the record yet: whoever finds that writes it down, so that lists and counts say the same.
        session = await _ends.SettleAsync(session, instance, cancellationToken);
        var pending = session.Progress.Status.IsTerminal()
            ? []
            : await _approvals.ListAsync(
                new ApprovalQuery { Status = ApprovalStatus.Pending, SessionId = sessionId, Limit = MaxPendingApprovals }, cancellationToken);
        var (status, failure) = SessionStatusRule.Of(session.Progress, instance, pending.Count > 0);
        return new SessionView
        {
            Session = session,
            Status = status,
            Phase = status.IsTerminal() ? "done" : SessionStatusRule.PhaseOf(session.Progress, instance),
            Failure = failure,
            PendingApprovals = status.IsTerminal() ? [] : pending,
            Compensations = session.Progress.Compensations,
        };
    }

    /// <summary>
    /// Holds the session: what runs finishes and is recorded, nothing new begins until it is resumed. Holding a held session changes nothing.
    /// </summary>
    public Task<LifecycleOutcome> SuspendAsync(string sessionId, string? reason, CancellationToken cancellationToken) =>
        HoldAsync(sessionId, true, _orchestrations.SuspendInstanceAsync(sessionId, reason, cancellationToken), cancellationToken);

    /// <summary>Lets a held session go on. Resuming one that is not held changes nothing.</summary>
    public Task<LifecycleOutcome> ResumeAsync(string sessionId, string? reason, CancellationToken cancellationToken) =>
        HoldAsync(sessionId, false, _orchestrations.ResumeInstanceAsync(sessionId, reason, cancellationToken), cancellationToken);

    /// <summary>Keeps what a person thinks of the session; a later rating replaces it. False: there is no such session.</summary>
    public Task<bool> RateAsync(string sessionId, FeedbackRating rating, string? comment, string by, CancellationToken cancellationToken) =>
        _store.SetFeedbackAsync(sessionId, new SessionFeedback(rating, comment, by, _time.GetUtcNow()), cancellationToken);

    /// <summary>Completes when the session has ended; <c>null</c> when there is none of that id.</summary>
    public async Task<SessionView?> WaitForEndAsync(string sessionId, CancellationToken cancellationToken) =>
        await _orchestrations.WaitForInstanceCompletionAsync(sessionId, false, cancellationToken) is null
            ? null
            : await GetAsync(sessionId, cancellationToken);

    /// <summary>The engine first, which decides; the note for lists after it. A process that dies between the two leaves a note that the same call puts right.</summary>
    private async Task<LifecycleOutcome> HoldAsync(string sessionId, bool suspended, Task<CommandOutcome> command, CancellationToken cancellationToken)
    {
        switch (await command)
        {
            case CommandOutcome.NotFound:
                return LifecycleOutcome.NotFound;
            case CommandOutcome.AlreadyFinished:
                return LifecycleOutcome.AlreadyFinished;
        }
        await _store.SetSuspendedAsync(sessionId, suspended, _time.GetUtcNow(), cancellationToken);
        return LifecycleOutcome.Accepted;
    }

    private SessionInput InputOf(StartSessionRequest request, AgentDefinition agent, string snapshotHash) => new()
    {
        Session = new SessionRef(
            request.SessionId ?? _ids.NewSessionId(), agent.Name, snapshotHash, StartRequestRules.UserOf(request.Context), request.TaskType)
        {
            Role = StartRequestRules.RoleOf(request.Context),
        },
        Limits = StartRequestRules.EffectiveLimits(agent.Limits, request),
        Rollback = agent.Rollback,
        LimitsTakeBack = true,
        StartedAt = _time.GetUtcNow(),
        Classify = RouteRule.Classifies(agent, _models),
        Opening = new SessionOpening(request.Goal, request.Context, agent.Version),
    };
}
