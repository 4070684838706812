using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

internal sealed record RollbackInput(SessionRef Session, SessionState State, SessionFailure? Reason, DateTimeOffset AskedAt);

internal sealed record RollbackReport(SessionStatus Status, IReadOnlyList<CompensationEntry> Compensations);

/// <summary>Rolls back a session that has ended.</summary>
internal sealed class AgentRollbackOrchestrator : IOrchestrator<RollbackInput, RollbackReport>
{
    /// <summary>The same for everybody who asks about the same ended state, so that a rollback asked for twice runs once; another one after an incomplete rollback.</summary>
    public static string InstanceId(string sessionId, long revision) =>
        FormattableString.Invariant($"{InstanceIdPrefix(sessionId)}{revision}");

    public static string InstanceIdPrefix(string sessionId) => sessionId + ":rollback:";

    public async Task<RollbackReport> RunAsync(IOrchestrationContext context, RollbackInput input)
    {
        var run = new SessionRun(context, new SessionInput
        {
            Session = input.Session,
            Limits = new SessionLimits(),
            Rollback = new RollbackPolicy(),
            StartedAt = input.AskedAt,
            State = input.State,
        });
        await SagaRollback.RunAsync(run);
        var status = SagaStack.Outcome(run.State.Saga, SessionStatus.RolledBack);
        await run.CallAsync(SessionSteps.Close, new CloseSessionInput(run.Step(status, "done"), Answered: false, input.Reason));
        return new RollbackReport(status, run.State.Saga);
    }
}
