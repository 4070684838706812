using AgentWorkflows.Durability;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Compensation;

/// <summary>Rolls back a session that has ended. Its instance id is <c>{session}:rollback</c>, so that it runs once however often it is asked for.</summary>
public sealed record RollbackInput(SessionRef Session, SessionState State, SessionFailure? Reason);

public sealed record RollbackReport(SessionStatus Status, IReadOnlyList<CompensationEntry> Compensations);

internal sealed class AgentRollbackOrchestrator : IOrchestrator<RollbackInput, RollbackReport>
{
    public static string InstanceId(string sessionId) => sessionId + ":rollback";

    public async Task<RollbackReport> RunAsync(IOrchestrationContext context, RollbackInput input)
    {
        var state = await SagaRollback.RunAsync(context, input.Session, input.State);
        var status = SagaStack.Outcome(state.Saga, SessionStatus.RolledBack);
        state = state with { Revision = state.Revision + 1 };
        var step = new StepContext(input.Session, state.Turn, state.Progress(status, "done"));
        await context.CallAsync(SessionSteps.Close, new CloseSessionInput(step, Answered: false, input.Reason), SessionSteps.Infrastructure);
        return new RollbackReport(status, state.Saga);
    }
}
