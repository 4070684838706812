using System.Text.Json.Serialization;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Compensation;

/// <summary>One registered compensation on a session's saga stack. Registered before its action runs.</summary>
public sealed record CompensationEntry
{
    /// <summary>Position on the stack, from 0; compensations run from the highest down.</summary>
    public required int Index { get; init; }

    public required int Turn { get; init; }

    public required string StepId { get; init; }

    /// <summary>The action's tool.</summary>
    public required string Tool { get; init; }

    /// <summary>The action's idempotency key.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>What is known of the action itself.</summary>
    public ActionOutcome Action { get; init; } = ActionOutcome.Unknown;

    public CompensationStatus Status { get; init; } = CompensationStatus.Registered;

    public ToolTier Tier { get; init; }

    public string? Message { get; init; }

    /// <summary>Of the call and its arguments, so that the same call is recognized when it comes again; <c>null</c> in records from before that was kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Print { get; init; }

    /// <summary>Of what the call works on, so that another call that works on the same is recognized; <c>null</c> where that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResourcePrint { get; init; }
}

/// <summary>How the taking back of an action stands.</summary>
public enum CompensationStatus
{
    Registered,
    Done,
    Failed,

    /// <summary>The compensation ran, but whether it took effect is not known.</summary>
    Unknown,

    /// <summary>The action cannot be taken back.</summary>
    Irreversible,

    /// <summary>The action had no effect.</summary>
    NotNeeded,

    /// <summary>A person who was told what changed since decided to leave the action as it is, or nobody decided in time.</summary>
    Declined,
}
