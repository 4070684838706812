namespace AgentWorkflows.Tools;

/// <summary>When a failed call is tried again. Pure.</summary>
internal static class ToolRetries
{
    public const int MaxAllowedAttempts = 10;
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The delay before the next attempt, or <c>null</c> when the failure is final: not safe to retry, permanent, or no attempt left. A call that may have taken effect is made again
    /// under its own key in any case where the tool recognizes that: its answer settles what became of the first.
    /// Delay after attempt n: what the tool asked for, else <c>FirstDelay × 2^(n−1)</c>, at most 10 min.
    /// </summary>
    public static TimeSpan? DelayAfter(ToolContract contract, int attempt, ToolResult.Failure? failure, bool inDoubt = false)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var again = failure is { RetrySafe: true, Kind: not ToolFailureKind.Permanent } || (inDoubt && contract.Idempotent);
        if (failure is null || !again || attempt >= contract.Retry.MaxAttempts)
        {
            return null;
        }
        var delay = failure.RetryAfter ?? contract.Retry.FirstDelay * Math.Pow(2, attempt - 1);
        return delay < MaxDelay ? delay : MaxDelay;
    }
}
