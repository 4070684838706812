using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;

namespace AgentWorkflows.Workflow.V1;

/// <summary>The loop of a session: what it may use and what its agent wants done when it fails, beside its state.</summary>
internal sealed class SessionLoop(IOrchestrationContext context, SessionInput input) : WorkflowLoop(context, input.Session, input.State)
{
    public SessionLimits Limits => input.Limits;

    public RollbackPolicy Rollback => input.Rollback;

    /// <summary>See <see cref="SessionInput.LimitsTakeBack"/>.</summary>
    public bool LimitsTakeBack => input.LimitsTakeBack && input.Rollback.OnHalt && SagaStack.Outstanding(State.Saga).Count > 0;

    /// <summary>Since the start, without the time people took.</summary>
    public TimeSpan Age => Context.CurrentUtcDateTime - input.StartedAt - State.WaitedBy(Context.CurrentUtcDateTime);

    /// <summary>Counts a retry against the session's limit; false when none is left.</summary>
    public bool TryTakeRetry()
    {
        if (State.Retries >= Limits.MaxRetries)
        {
            return false;
        }
        Apply(new SessionEvent.RetryTaken());
        return true;
    }
}
