namespace AgentWorkflows.Durability;

/// <summary>What may be chosen about a sub-orchestration.</summary>
public sealed record SubOrchestrationOptions
{
    /// <summary>Default: derived from the parent's id and the call's position, so the same on replay. A retry with a chosen id appends <c>:2</c>, <c>:3</c>, ….</summary>
    public string? InstanceId { get; init; }

    /// <summary>Default: the host's default version.</summary>
    public string? Version { get; init; }

    public RetryPolicy? Retry { get; init; }
}
