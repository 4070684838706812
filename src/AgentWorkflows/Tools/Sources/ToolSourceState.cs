namespace AgentWorkflows.Tools.Sources;

internal enum ToolSourceHealth
{
    /// <summary>Nobody has asked it yet.</summary>
    NotAsked,
    Reachable,
    Unreachable,

    /// <summary>It answers, but nothing that can be used.</summary>
    Invalid,
}

/// <summary>A source as it is known now.</summary>
/// <param name="Problem">For people; <c>null</c> when it is well.</param>
/// <param name="Since">When it was last asked.</param>
/// <param name="Tools">As they were last found; kept when it cannot be reached later.</param>
internal sealed record ToolSourceState(string Name, string Kind, string Address, bool IsPinned, ToolSourceHealth Health, string? Problem, DateTimeOffset? Since, IReadOnlyList<IOutsideTool> Tools)
{
    /// <summary>Its tools are known, whether it answers just now or not.</summary>
    public bool HasTools => Health == ToolSourceHealth.Reachable || Tools.Count > 0;
}
