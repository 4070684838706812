namespace AgentWorkflows.Models;

/// <summary>What kind of trouble a model call ended in, by what can be done about it.</summary>
internal enum ModelTrouble
{
    None,

    /// <summary>Not now: wait, then again.</summary>
    Throttled,

    /// <summary>The deployment's breaker is open: another one, or wait.</summary>
    BreakerOpen,

    /// <summary>It may work the next time.</summary>
    Flaky,

    /// <summary>The answer was no plan: show the model its error.</summary>
    InvalidOutput,

    /// <summary>The plan relies on what was recorded otherwise: show the model the record.</summary>
    Contradiction,

    /// <summary>This deployment will not answer: another one may.</summary>
    Unusable,

    /// <summary>The conversation is too long: shorten it.</summary>
    TooLong,

    /// <summary>No deployment should be asked again.</summary>
    Refused,
}

internal static class ModelTroubles
{
    public static ModelTrouble Of(ChatFailureKind kind) => kind switch
    {
        ChatFailureKind.RateLimited => ModelTrouble.Throttled,
        ChatFailureKind.Unavailable or ChatFailureKind.Timeout or ChatFailureKind.CutOff or ChatFailureKind.InvalidResponse => ModelTrouble.Flaky,
        ChatFailureKind.Unauthorized or ChatFailureKind.UnknownDeployment or ChatFailureKind.QuotaExhausted => ModelTrouble.Unusable,
        ChatFailureKind.ContextLength => ModelTrouble.TooLong,
        ChatFailureKind.ContentFilter or ChatFailureKind.InvalidRequest => ModelTrouble.Refused,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>False when the deployment itself is in trouble; one that refuses for good reason, or asks for patience, is healthy.</summary>
    public static bool IsHealthy(ChatFailureKind kind) => Of(kind) is ModelTrouble.Throttled or ModelTrouble.TooLong or ModelTrouble.Refused;
}
