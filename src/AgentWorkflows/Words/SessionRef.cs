namespace AgentWorkflows.Words;

/// <summary>Which session a step belongs to, and on which definition it runs.</summary>
internal sealed record SessionRef(string Id, string Agent, string SnapshotHash, string UserId, string TaskType)
{
    /// <summary>The role of a session whose context names none.</summary>
    public const string DefaultRole = "user";

    /// <summary>What the agent's permissions are asked with.</summary>
    public string Role { get; init; } = DefaultRole;

    /// <summary>The span that the session's other spans belong to, as W3C writes it; <c>null</c> when nobody watched the start.</summary>
    public string? TraceParent { get; init; }
}
