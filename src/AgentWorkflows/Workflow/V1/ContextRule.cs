using AgentWorkflows.Guards;
using AgentWorkflows.Steps;

namespace AgentWorkflows.Workflow.V1;

/// <summary>When a session's context is shortened or made fresh, between two turns. Pure.</summary>
internal static class ContextRule
{
    /// <summary>Fewer turns than this are not worth a call.</summary>
    public const int MinTurns = 3;

    /// <summary>Of the token budget.</summary>
    public const double HighWater = 0.75;

    public static ContextCareDue? Due(SessionState state, SessionLimits limits, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(limits);
        if (state.RefreshDue && state.Turn > state.SummarizedUpTo)
        {
            return new ContextCareDue(ContextCareKind.Checkpoint, state.Turn, "The session repeats itself.");
        }
        if (state.Turn - state.SummarizedUpTo < MinTurns)
        {
            return null;
        }
        if (state.Tokens >= limits.MaxTokens * HighWater)
        {
            return new ContextCareDue(ContextCareKind.Summary, state.Turn - 1,
                $"The session has used {state.Tokens} of its {limits.MaxTokens} tokens.");
        }
        return !state.RefreshedByAge && age >= limits.MaxAge / 2
            ? new ContextCareDue(ContextCareKind.Checkpoint, state.Turn - 1, FormattableString.Invariant($"The session is {age.TotalSeconds:0} s old."))
            : null;
    }
}
