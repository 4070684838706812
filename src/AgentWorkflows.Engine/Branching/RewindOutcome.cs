using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine;

/// <summary>The outcome of <see cref="EmbeddedEngine.RewindAsync"/>.</summary>
public abstract record RewindOutcome
{
    /// <param name="Rewound">The instance, and the failed sub-orchestrations that were rewound with it.</param>
    /// <param name="Deleted">Sub-orchestrations that were started after the point to which the instance went back.</param>
    public sealed record Accepted(IReadOnlyList<string> Rewound, IReadOnlyList<string> Deleted) : RewindOutcome;

    /// <summary>There is no such instance.</summary>
    public sealed record NotFound(string InstanceId) : RewindOutcome;

    /// <summary>Only a failed instance, and in it only failed sub-orchestrations, can be rewound. Nothing changed.</summary>
    public sealed record NotFailed(string InstanceId, OrchestrationStatus Status) : RewindOutcome;

    /// <summary>Its failure has been told to its parent: rewind the parent, which rewinds this one too. Nothing changed.</summary>
    public sealed record HasParent(string InstanceId, string ParentInstanceId) : RewindOutcome;
}
