using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>
/// One execution of an orchestration of a session: its context and its state as it moves. The state is assigned in <see cref="Apply"/> and nowhere else: whoever decides
/// says what happened, <see cref="SessionFold"/> says what that makes of the state. Used by the orchestrator's single thread only.
/// </summary>
internal class WorkflowLoop(IOrchestrationContext context, SessionRef session, SessionState state)
{
    public IOrchestrationContext Context { get; } = context;

    public SessionRef Session { get; } = session;

    public SessionState State { get; private set; } = state;

    public void Apply(SessionEvent happened) => State = SessionFold.After(State, happened);

    /// <summary>The context of the next step; each has a higher revision than the one before.</summary>
    public StepContext Step(SessionStatus status, string phase)
    {
        Apply(new SessionEvent.StepScheduled());
        return new StepContext(Session, State.Turn, State.Progress(status, phase));
    }

    public Task<TOutput> CallAsync<TInput, TOutput>(ActivityName<TInput, TOutput> activity, TInput step) =>
        Context.CallAsync(activity, step, SessionSteps.Infrastructure);
}
