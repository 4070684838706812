namespace AgentWorkflows.Guards;

internal enum BreakerPhase
{
    /// <summary>Calls go through.</summary>
    Closed,

    /// <summary>Calls are refused until the time is up.</summary>
    Open,

    /// <summary>One call at a time is let through, to see.</summary>
    HalfOpen,
}

/// <summary>Defaults: 5 failures in a row open it for 60 s; 2 successes in a row close it.</summary>
internal sealed record BreakerOptions
{
    public int FailuresToOpen { get; init; } = 5;

    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(60);

    public int SuccessesToClose { get; init; } = 2;
}

/// <summary>One breaker at one moment.</summary>
/// <param name="Count">Failures in a row while closed, successes in a row while half open.</param>
/// <param name="Since">When it opened, or when the probe under way was let through.</param>
internal sealed record BreakerState(BreakerPhase Phase, int Count, DateTimeOffset Since, bool Probing)
{
    public static readonly BreakerState Healthy = new(BreakerPhase.Closed, 0, DateTimeOffset.MinValue, false);
}

/// <summary>The rules of a circuit breaker: (state, event, time) → state. Pure.</summary>
internal static class CircuitBreaker
{
    /// <returns>The state with the call let through, or <c>null</c> and how long to wait.</returns>
    public static (BreakerState? Entered, TimeSpan Wait) TryEnter(BreakerState state, BreakerOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(options);
        var left = state.Since + options.OpenFor - now;
        // A clock set back must not keep it open for longer than that.
        left = left > options.OpenFor ? options.OpenFor : left;
        return state switch
        {
            { Phase: BreakerPhase.Closed } => (state, TimeSpan.Zero),
            { Phase: BreakerPhase.Open } when left > TimeSpan.Zero => (null, left),
            { Phase: BreakerPhase.Open } => (new BreakerState(BreakerPhase.HalfOpen, 0, now, true), TimeSpan.Zero),
            // A probe that never came back, because its process or its caller died, must not keep the breaker shut for good.
            { Probing: true } when left > TimeSpan.Zero => (null, left),
            _ => (state with { Probing = true, Since = now }, TimeSpan.Zero),
        };
    }

    public static BreakerState Record(BreakerState state, BreakerOptions options, bool success, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(options);
        return (state.Phase, success) switch
        {
            (BreakerPhase.Closed, true) => state.Count == 0 ? state : BreakerState.Healthy,
            (BreakerPhase.Closed, false) when state.Count + 1 < options.FailuresToOpen => state with { Count = state.Count + 1 },
            (BreakerPhase.HalfOpen, true) when state.Count + 1 >= options.SuccessesToClose => BreakerState.Healthy,
            (BreakerPhase.HalfOpen, true) => state with { Count = state.Count + 1, Probing = false },
            // A late answer to a call from before it opened says nothing new.
            (BreakerPhase.Open, _) => state,
            _ => new BreakerState(BreakerPhase.Open, 0, now, false),
        };
    }
}
