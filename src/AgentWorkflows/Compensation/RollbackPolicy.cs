namespace AgentWorkflows.Compensation;

/// <summary>When the registered compensations run by themselves. On demand they run within the retention window in any case.</summary>
internal sealed record RollbackPolicy
{
    /// <summary>Default true: a session that fails takes back what it did.</summary>
    public bool OnFailure { get; init; } = true;

    /// <summary>Default true: limit or safety halt.</summary>
    public bool OnHalt { get; init; } = true;

    /// <summary>Default false: a rejected call stops that call only; the model decides what to do with the rest.</summary>
    public bool OnRejection { get; init; }

    /// <summary>How long a finished session can be rolled back on demand; default 7 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);
}
