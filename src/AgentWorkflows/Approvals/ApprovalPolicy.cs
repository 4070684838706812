using AgentWorkflows.Tools;

namespace AgentWorkflows.Approvals;

/// <summary>When a person is asked, and for how long.</summary>
public sealed record ApprovalPolicy
{
    /// <summary>Calls of these tiers wait for a person. Default: <c>write_risky</c> and <c>destructive</c>.</summary>
    public IReadOnlyList<ToolTier> Tiers { get; init; } = [ToolTier.WriteRisky, ToolTier.Destructive];

    /// <summary>Default 24 h, 1 s to 30 days. Nobody answering in time counts as a rejection.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(24);
}
