using AgentWorkflows.Agents;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow;

namespace AgentWorkflows.Sessions;

/// <param name="SessionId">Of the new session, 1 to 100 letters, digits, <c>. _ -</c>. Default: a new id.</param>
internal sealed record ForkRequest(int Turn, string? SessionId);

internal abstract record ForkOutcome
{
    public sealed record Started(string SessionId, ForkSource ForkedFrom) : ForkOutcome;

    public sealed record NotFound : ForkOutcome;

    public sealed record AlreadyExists(string SessionId) : ForkOutcome;

    public sealed record Refused(ForkRefusal Reason, string Message) : ForkOutcome;
}

/// <summary>
/// Starts sessions from the recorded turns of other ones: same goal, context, user, limits and agent snapshot, the first turns taken over, the next one planned anew.
/// Nothing is run again, and the source is not touched. Thread-safe.
/// </summary>
internal sealed class ForkService(
    IOrchestrationClient orchestrations, ISessionStore store, AgentSnapshots snapshots, IChatModelCatalog models, TimeProvider time, IdSource ids, Instruments telemetry)
{
    /// <summary>Forks of forks: as far back as what was taken over is checked.</summary>
    private const int MaxAncestors = 50;

    public async Task<ForkOutcome> ForkAsync(string sourceId, ForkRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Turn);
        if (await store.GetAsync(sourceId, cancellationToken) is not { } source)
        {
            return new ForkOutcome.NotFound();
        }
        var limits = await LimitsAsync(source, cancellationToken);
        var turns = Transcript.Read(await store.ListDocumentsAsync(sourceId, int.MaxValue, cancellationToken));
        if (ForkRule.Check(source, turns, await CompensationsAsync(source, cancellationToken), limits, request.Turn) is var (refusal, message))
        {
            return new ForkOutcome.Refused(refusal, message);
        }
        var forkedFrom = new ForkSource(sourceId, request.Turn);
        var untraced = await InputAsync(source, forkedFrom, request.SessionId ?? ids.NewSessionId(), limits, cancellationToken);
        using var span = telemetry.Root(Instruments.SpanNames.StartSession, untraced.Session);
        var input = untraced with { Session = untraced.Session with { TraceParent = Instruments.TraceParent(span) } };
        var started = await orchestrations.StartAsync(
            SessionSteps.Session, input, new StartOrchestrationOptions { InstanceId = input.Session.Id }, cancellationToken);
        if (started is StartOutcome.DuplicateStart)
        {
            return new ForkOutcome.AlreadyExists(input.Session.Id);
        }
        await store.TryCreateAsync(OpenSessionActivity.RecordOf(input.Session, input.Opening!, input.StartedAt), cancellationToken);
        return new ForkOutcome.Started(input.Session.Id, forkedFrom);
    }

    private async Task<SessionInput> InputAsync(
        SessionRecord source, ForkSource forkedFrom, string id, SessionLimits limits, CancellationToken cancellationToken)
    {
        var agent = await snapshots.RequireAsync(source.SnapshotHash, cancellationToken);
        return new SessionInput
        {
            Session = new SessionRef(id, source.Agent, source.SnapshotHash, source.UserId, source.TaskType) { Role = StartRequestRules.RoleOf(source.Context) },
            Limits = limits,
            Rollback = agent.Rollback,
            LimitsTakeBack = true,
            StartedAt = time.GetUtcNow(),
            Classify = RouteRule.Classifies(agent, models),
            Opening = new SessionOpening(source.Goal, source.Context, source.AgentVersion) { ForkedFrom = forkedFrom },
            State = new SessionState { Turn = forkedFrom.Turn },
        };
    }

    /// <summary>The ones the source was started with; when the engine has forgotten it, the ones its snapshot and its context's budget give.</summary>
    private async Task<SessionLimits> LimitsAsync(SessionRecord source, CancellationToken cancellationToken)
    {
        var instance = await orchestrations.GetInstanceAsync(source.Id, getInputsAndOutputs: true, cancellationToken);
        if (instance?.ReadInputAs<SessionInput>() is { } input)
        {
            return input.Limits;
        }
        var agent = await snapshots.RequireAsync(source.SnapshotHash, cancellationToken);
        return StartRequestRules.EffectiveLimits(
            agent.Limits, new StartSessionRequest { Agent = source.Agent, Goal = source.Goal, Context = source.Context });
    }

    private async Task<IReadOnlyList<CompensationEntry>> CompensationsAsync(SessionRecord source, CancellationToken cancellationToken)
    {
        var entries = source.Progress.Compensations.ToList();
        var from = source.ForkedFrom;
        for (var ancestors = 0; from is not null && ancestors < MaxAncestors; ancestors++)
        {
            if (await store.GetAsync(from.SessionId, cancellationToken) is not { } ancestor)
            {
                break;
            }
            var through = from.Turn;
            entries.AddRange(ancestor.Progress.Compensations.Where(entry => entry.Turn <= through));
            from = ancestor.ForkedFrom;
        }
        return entries;
    }
}
