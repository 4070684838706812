using AgentWorkflows.Durability;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Compensation;

/// <summary>Runs the registered compensations last-in-first-out inside an orchestration. One that fails is recorded and the others still run.</summary>
internal static class SagaRollback
{
    public static async Task<SessionState> RunAsync(IOrchestrationContext context, SessionRef session, SessionState state)
    {
        foreach (var entry in SagaStack.Outstanding(state.Saga))
        {
            CompensateOutput output;
            for (var attempt = 1; ; attempt++)
            {
                state = state with { Revision = state.Revision + 1 };
                var step = new StepContext(session, entry.Turn, state.Progress(SessionStatus.Compensating, "compensate"));
                output = await AttemptAsync(context, new CompensateInput(step, entry, attempt));
                if (output.RetryAfter is not { } delay)
                {
                    break;
                }
                await context.CreateTimer(delay);
            }
            state = state with { Saga = SagaStack.Replace(state.Saga, entry with { Status = output.Status, Message = output.Message }) };
        }
        return state;
    }

    /// <summary>A compensation whose step itself cannot run (its records are gone, the host is broken) is a failed compensation, not the end of the rollback.</summary>
    private static async Task<CompensateOutput> AttemptAsync(IOrchestrationContext context, CompensateInput input)
    {
        try
        {
            return await context.CallAsync(SessionSteps.Compensate, input, SessionSteps.Infrastructure);
        }
        catch (TaskFailedException e)
        {
            return new CompensateOutput(CompensationStatus.Failed, e.Failure.Message);
        }
    }
}
