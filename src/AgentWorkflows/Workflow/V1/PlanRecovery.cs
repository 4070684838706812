using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Steps;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>What was tried so far for one plan. Of the deployment asked now, except <see cref="Attempt"/>.</summary>
/// <param name="Attempt">From 1, over all deployments.</param>
/// <param name="Fallback">The fallback deployment is being asked.</param>
internal sealed record PlanAttempts(int Attempt, bool Fallback, int Throttled, int Flaky, int Invalid)
{
    public static readonly PlanAttempts First = new(1, false, 0, 0, 0);

    /// <summary>The deployment for simple goals is being asked.</summary>
    public bool Simple { get; init; }

    /// <summary>Plans that contradicted the record, on all deployments but the one for simple goals.</summary>
    public int Contradictions { get; init; }

    /// <summary>The conversation was replaced by the record within this plan.</summary>
    public bool Refreshed { get; init; }

    /// <summary>The ordinary deployment stands in for the one for simple goals, the fallback for the ordinary one.</summary>
    public PlanAttempts OnFallback() => First with { Attempt = Attempt + 1, Fallback = !Simple, Contradictions = Contradictions, Refreshed = Refreshed };
}

internal abstract record RecoveryStep
{
    /// <param name="Retry">Counts against the session's retries.</param>
    /// <param name="Wait">Counts against its waits for models.</param>
    public sealed record Again(PlanAttempts Attempts, TimeSpan Delay, bool Retry, bool Wait) : RecoveryStep
    {
        /// <summary>Why the conversation is replaced by the record first; <c>null</c> when it is not.</summary>
        public string? RefreshBecause { get; init; }
    }

    /// <summary>Older turns are put in few words, then the same deployment is asked again.</summary>
    public sealed record Shorten(PlanAttempts Attempts) : RecoveryStep;

    public sealed record GiveUp(SessionFailure Failure) : RecoveryStep;
}

/// <summary>
/// What follows a model call that gave no plan: wait and ask again, one repair, the fallback deployment, or the end. Every way is bounded: waits and retries per session,
/// one change of deployment per plan, two where it begins on the one for simple goals. Pure.
/// </summary>
internal static class PlanRecovery
{
    /// <summary>How often a session waits for a model that asks for patience.</summary>
    public const int MaxWaits = 20;

    /// <summary>With a fallback at hand, this often is enough.</summary>
    public const int MaxPerDeployment = 3;

    /// <summary>With a fallback at hand, nobody waits longer.</summary>
    public static readonly TimeSpan MaxWaitWithFallback = TimeSpan.FromSeconds(60);

    private const string InvalidRequest = "model_invalid_request";
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);

    public static RecoveryStep Next(PlanOutput output, PlanAttempts attempts, SessionState state, SessionLimits limits, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(attempts);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(limits);
        // Once per plan, and only where there is something a model said to leave out.
        var refresh = attempts.Refreshed || state.Turn - 1 <= state.SummarizedUpTo ? null : output.RefreshBecause;
        var step = Decide(output, attempts, state, limits, age, refresh is not null);
        return refresh is not null && step is RecoveryStep.Again again
            ? again with { Attempts = again.Attempts with { Refreshed = true }, RefreshBecause = refresh }
            : step;
    }

    private static RecoveryStep Decide(PlanOutput output, PlanAttempts attempts, SessionState state, SessionLimits limits, TimeSpan age, bool refreshes)
    {
        var fallback = output.HasFallback && !attempts.Fallback ? new RecoveryStep.Again(attempts.OnFallback(), TimeSpan.Zero, false, false) : null;
        var end = fallback ?? (RecoveryStep)new RecoveryStep.GiveUp(output.Failure!);
        var next = attempts with { Attempt = attempts.Attempt + 1 };
        var mayRetry = state.Retries < limits.MaxRetries;
        switch (output.Trouble)
        {
            case ModelTrouble.BreakerOpen when fallback is not null:
                return fallback;
            case ModelTrouble.Throttled or ModelTrouble.BreakerOpen:
                var patience = Longer(output.RetryAfter, Delay(attempts.Throttled));
                return state.ModelWaits < MaxWaits && age + patience < limits.MaxAge
                    && (fallback is null || (patience <= MaxWaitWithFallback && attempts.Throttled + 1 < MaxPerDeployment))
                    ? new RecoveryStep.Again(next with { Throttled = attempts.Throttled + 1 }, patience, false, true)
                    : end;
            case ModelTrouble.Flaky:
                var delay = Longer(output.RetryAfter, Delay(attempts.Flaky));
                return mayRetry && age + delay < limits.MaxAge && (fallback is null || attempts.Flaky + 1 < MaxPerDeployment)
                    ? new RecoveryStep.Again(next with { Flaky = attempts.Flaky + 1 }, delay, true, false)
                    : end;
            case ModelTrouble.InvalidOutput when attempts is { Invalid: 0, Simple: false } && mayRetry:
                return new RecoveryStep.Again(next with { Invalid = 1 }, TimeSpan.Zero, true, false);
            // With a fresh context the same deployment deserves one more try, if there is no other.
            case ModelTrouble.InvalidOutput when refreshes && fallback is null && mayRetry && !attempts.Simple:
                return new RecoveryStep.Again(next with { Invalid = attempts.Invalid + 1 }, TimeSpan.Zero, true, false);
            case ModelTrouble.InvalidOutput or ModelTrouble.Unusable:
                return end;
            case ModelTrouble.Contradiction:
                return attempts is { Contradictions: 0, Simple: false } && mayRetry
                    ? new RecoveryStep.Again(next with { Contradictions = 1 }, TimeSpan.Zero, true, false)
                    : end;
            case ModelTrouble.TooLong:
                return mayRetry && attempts.Invalid == 0 && state.Turn > 1 ? new RecoveryStep.Shorten(next with { Invalid = 1 }) : end;
            // What one model refuses of a request, such as a temperature, the ordinary one may take.
            case ModelTrouble.Refused when attempts.Simple && output.Failure!.Type == InvalidRequest:
                return end;
            default:
                return new RecoveryStep.GiveUp(output.Failure!);
        }
    }

    /// <summary>Asked for nothing, 2 s, doubled each time.</summary>
    private static TimeSpan Delay(int before) => TimeSpan.FromTicks(Math.Min(FirstDelay.Ticks << Math.Min(before, 10), MaxDelay.Ticks));

    private static TimeSpan Longer(TimeSpan? asked, TimeSpan own) => asked is { } wait && wait > TimeSpan.Zero ? wait : own;
}
