using AgentWorkflows.Guards;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>What may happen next. Decided before every step.</summary>
internal abstract record GuardVerdict
{
    public sealed record Continue : GuardVerdict;

    /// <summary>A limit is reached: the session ends with what it has.</summary>
    public sealed record Halt(SessionFailure Failure) : GuardVerdict;

    internal static readonly GuardVerdict Go = new Continue();
}

/// <summary>The hard limits of a session. Pure: the same state, limits and time give the same verdict on replay.</summary>
internal static class SessionGuard
{
    /// <param name="age">Since the start, without the time people took to decide.</param>
    public static GuardVerdict Check(SessionState state, SessionLimits limits, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(limits);
        return state switch
        {
            _ when age >= limits.MaxAge =>
                Halt("max_age", $"The session is {age.TotalSeconds:0} s old; its limit is {limits.MaxAge.TotalSeconds:0} s."),
            _ when state.CostMicros >= limits.MaxCostMicros =>
                Halt("max_cost", $"The session has cost {Money(state.CostMicros)} USD; its limit is {Money(limits.MaxCostMicros)} USD."),
            _ when BurnRate.MicrosPerHour(state.Spend, age, state.CostMicros) is var burn && burn > limits.MaxBurnMicrosPerHour =>
                Halt("burn_rate", $"The session spends {Money(burn)} USD an hour; its limit is {Money(limits.MaxBurnMicrosPerHour)} USD."),
            _ when state.Tokens >= limits.MaxTokens =>
                Halt("max_tokens", $"The session has used {state.Tokens} tokens; its limit is {limits.MaxTokens}."),
            _ => GuardVerdict.Go,
        };
    }

    /// <summary>Before a new turn.</summary>
    public static GuardVerdict CheckTurn(SessionState state, SessionLimits limits, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(limits);
        return state.Turn >= limits.MaxIterations
            ? Halt("max_iterations", $"The session has taken {state.Turn} turns; its limit is {limits.MaxIterations}.")
            : Check(state, limits, age);
    }

    /// <summary>Before a tool runs.</summary>
    public static GuardVerdict CheckToolCall(SessionState state, SessionLimits limits, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(limits);
        return state.ToolCalls >= limits.MaxToolCalls
            ? Halt("max_tool_calls", $"The session has made {state.ToolCalls} tool calls; its limit is {limits.MaxToolCalls}.")
            : Check(state, limits, age);
    }

    private static GuardVerdict.Halt Halt(string type, string message) => new(new SessionFailure(FailureCategory.Budget, type, message));

    private static string Money(Micros micros) => FormattableString.Invariant($"{micros.Usd:0.000000}");
}
