using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
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
        var loop = new WorkflowLoop(context, input.Session, input.State);
        await SagaRollback.RunAsync(loop);
        var status = SagaStack.Outcome(loop.State.Saga, SessionStatus.RolledBack);
        await loop.CallAsync(SessionSteps.Close, new CloseSessionInput(loop.Step(status, "done"), Answered: false, input.Reason));
        return new RollbackReport(status, loop.State.Saga);
    }
}
