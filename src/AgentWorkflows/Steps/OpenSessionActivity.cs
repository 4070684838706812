using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

internal sealed record OpenSessionInput(StepContext Step, SessionOpening Opening, DateTimeOffset StartedAt);

/// <summary>Makes sure that the session is listed: whoever started it may have died before writing it down.</summary>
internal sealed class OpenSessionActivity(ISessionStore store, StepRecorder recorder) : IActivity<OpenSessionInput, Unit>
{
    public async Task<Unit> RunAsync(IActivityContext context, OpenSessionInput input, CancellationToken cancellationToken)
    {
        // As a rule it is there: a look is cheaper than a write that changes nothing.
        if (await store.GetAsync(input.Step.Session.Id, cancellationToken) is null)
        {
            await store.TryCreateAsync(RecordOf(input.Step.Session, input.Opening, input.StartedAt), cancellationToken);
        }
        await recorder.ShowAsync(input.Step, cancellationToken);
        recorder.Telemetry.SessionStarted(input.Step.Session);
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Session, "open", input.Opening.Goal, "started"), cancellationToken);
        return Unit.Value;
    }

    public static SessionRecord RecordOf(SessionRef session, SessionOpening opening, DateTimeOffset startedAt) => new()
    {
        Id = session.Id,
        Agent = session.Agent,
        AgentVersion = opening.AgentVersion,
        SnapshotHash = session.SnapshotHash,
        Goal = opening.Goal,
        TaskType = session.TaskType,
        UserId = session.UserId,
        Context = opening.Context,
        CreatedAt = startedAt,
        UpdatedAt = startedAt,
        ForkedFrom = opening.ForkedFrom,
    };
}
