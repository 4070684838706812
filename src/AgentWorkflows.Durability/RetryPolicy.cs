namespace AgentWorkflows.Durability;

/// <summary>
/// How often and when a failed activity or sub-orchestration runs again. Delays are durable timers: they cost no thread and survive restarts.
/// Delay before attempt n (n ≥ 2): <c>FirstRetryInterval × BackoffCoefficient^(n−2)</c>, at most <see cref="MaxRetryInterval"/>.
/// A failure that says, itself or in an inner one, that it is non-retryable, or whose type is listed in <see cref="NonRetryableErrorTypes"/>, is final at once.
/// </summary>
public sealed record RetryPolicy
{
    public const int MaxAllowedAttempts = 1000;

    private readonly int _maxNumberOfAttempts = 1;
    private readonly TimeSpan _firstRetryInterval = TimeSpan.FromSeconds(1);
    private readonly double _backoffCoefficient = 1;
    private readonly TimeSpan _maxRetryInterval = TimeSpan.FromHours(1);

    /// <summary>All attempts, the first included: 1 to 1000, default 1.</summary>
    public int MaxNumberOfAttempts
    {
        get => _maxNumberOfAttempts;
        init => _maxNumberOfAttempts = value is >= 1 and <= MaxAllowedAttempts
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"MaxNumberOfAttempts must be 1 to {MaxAllowedAttempts}.");
    }

    /// <summary>Default 1 s; more than zero.</summary>
    public TimeSpan FirstRetryInterval
    {
        get => _firstRetryInterval;
        init => _firstRetryInterval = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "FirstRetryInterval must be more than zero.");
    }

    /// <summary>Default 1 (constant delay); at least 1.</summary>
    public double BackoffCoefficient
    {
        get => _backoffCoefficient;
        init => _backoffCoefficient = value >= 1 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "BackoffCoefficient must be 1 or more.");
    }

    /// <summary>Default 1 h; more than zero.</summary>
    public TimeSpan MaxRetryInterval
    {
        get => _maxRetryInterval;
        init => _maxRetryInterval = value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxRetryInterval must be more than zero.");
    }

    /// <summary>Compared with <see cref="FailureDetails.ErrorType"/> of the failure and of its inner failures, ordinal.</summary>
    public IReadOnlyList<string> NonRetryableErrorTypes { get; init; } = [];

    /// <summary>The delay before the attempt after <paramref name="failedAttempt"/> (counted from 1), or <c>null</c> when that failure is final.</summary>
    public TimeSpan? DelayAfter(int failedAttempt, FailureDetails failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failedAttempt >= MaxNumberOfAttempts || failure.IsNonRetryableAnywhere || NonRetryableErrorTypes.Any(failure.IsCausedBy))
        {
            return null;
        }
        var ticks = FirstRetryInterval.Ticks * Math.Pow(BackoffCoefficient, failedAttempt - 1);
        return ticks >= MaxRetryInterval.Ticks ? MaxRetryInterval : TimeSpan.FromTicks((long)ticks);
    }
}
