using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>One execution of a session's orchestration: its context, its input and the state as it moves. Used by the orchestrator's single thread only.</summary>
internal sealed class SessionRun(IOrchestrationContext context, SessionInput input)
{
    public IOrchestrationContext Context { get; } = context;

    public SessionInput Input { get; } = input;

    public SessionState State { get; set; } = input.State;

    /// <summary>Since the start, without the time people took.</summary>
    public TimeSpan Age => Context.CurrentUtcDateTime - Input.StartedAt - State.Waited;

    /// <summary>The context of the next step; each has a higher revision than the one before.</summary>
    public StepContext Step(SessionStatus status, string phase)
    {
        State = State with { Revision = State.Revision + 1 };
        return new StepContext(Input.Session, State.Turn, State.Progress(status, phase));
    }

    public Task<TOutput> CallAsync<TInput, TOutput>(ActivityName<TInput, TOutput> activity, TInput step) =>
        Context.CallAsync(activity, step, SessionSteps.Infrastructure);

    /// <summary>Counts a retry against the session's limit; false when none is left.</summary>
    public bool TryTakeRetry()
    {
        if (State.Retries >= Input.Limits.MaxRetries)
        {
            return false;
        }
        State = State with { Retries = State.Retries + 1 };
        return true;
    }
}
