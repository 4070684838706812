using AgentWorkflows.Steps;

namespace AgentWorkflows.Workflow.V1;

/// <summary>With which counters a fork goes on. Pure.</summary>
internal static class ForkedState
{
    /// <summary>
    /// The counters of the turns that were taken over count on, so that a fork is no way around a limit on calls; money, tokens, retries and age start at zero,
    /// because the fork itself has used none. The saga stack starts empty: the source owns what it did.
    /// </summary>
    public static SessionState Continue(SessionState state, ForkOutput copied)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(copied);
        return state with { ToolCalls = copied.CallsByTool.Values.Sum(), SucceededCalls = copied.SucceededCalls, CallsByTool = copied.CallsByTool };
    }
}
