using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Approvals;

/// <summary>Which calls wait for a person, for whom, and for how long. Part of the agent's snapshot.</summary>
internal sealed record ApprovalPolicy
{
    /// <summary>Calls of these tiers wait for a person, unless a rule says otherwise. Default: <c>write_risky</c> and <c>destructive</c>.</summary>
    public IReadOnlyList<ToolTier> Tiers { get; init; } = [ToolTier.WriteRisky, ToolTier.Destructive];

    /// <summary>People by group, as <see cref="Approver.Normalize"/> spells them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>For calls that no rule covers.</summary>
    public ApprovalTerms Terms { get; init; } = new();

    /// <summary>The first that covers a call decides.</summary>
    public IReadOnlyList<ApprovalRule> Rules { get; init; } = [];
}

/// <summary>How one call is approved.</summary>
internal sealed record ApprovalTerms
{
    public const int MaxRequired = 5;

    /// <summary>How many different people have to approve: 0 to 5, default 1. With 0 the call does not ask.</summary>
    public int Required { get; init; } = 1;

    /// <summary>Groups of people who may decide. Default: everybody who may decide at all.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>Default true: the session's own user may decide, where they are an approver.</summary>
    public bool SelfApproval { get; init; } = true;

    /// <summary>Default 24 h, 1 s to 30 days.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(24);

    public TimeoutMeaning OnTimeout { get; init; }

    /// <summary>How long after the request those who have not answered are reminded; rising, at most 5, each before the timeout.</summary>
    public IReadOnlyList<TimeSpan> Reminders { get; init; } = [];

    /// <summary>Who is asked besides, and when; rising, at most 5, each before the timeout.</summary>
    public IReadOnlyList<EscalationStep> Escalation { get; init; } = [];
}

/// <param name="After">Since the request.</param>
/// <param name="Approvers">Groups.</param>
internal sealed record EscalationStep(TimeSpan After, IReadOnlyList<string> Approvers);

/// <summary>Covers a call when all it names fits; what it does not name always fits.</summary>
internal sealed record ApprovalRule
{
    public IReadOnlyList<ToolTier> Tiers { get; init; } = [];

    /// <summary>Patterns, as in permissions.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    public ArgumentThreshold? Argument { get; init; }

    /// <summary>What the session has spent when it asks is more than this.</summary>
    public Micros? CostAboveMicros { get; init; }

    public required ApprovalTerms Terms { get; init; }
}

/// <summary>
/// A number among the arguments, compared with a bound. A value that is missing or no number may be anything, so it counts as above every bound: leaving an
/// amount out never makes a call look small.
/// </summary>
internal sealed record ArgumentThreshold(string Name)
{
    public decimal? Above { get; init; }

    public decimal? AtMost { get; init; }
}
