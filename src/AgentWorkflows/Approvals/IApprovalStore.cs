using System.Text.Json;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Approvals;

/// <summary>
/// Approval requests and their decisions. The store is the arbiter: the first decision wins by conditional write, and what it
/// answers is durable. Thread-safe.
/// </summary>
public interface IApprovalStore
{
    /// <summary>Writes the request unless one with its id exists; answers what is stored.</summary>
    Task<ApprovalRequest> CreateAsync(ApprovalRequest request, CancellationToken cancellationToken);

    Task<ApprovalRequest?> GetAsync(string approvalId, CancellationToken cancellationToken);

    /// <summary>Newest first. <paramref name="status"/> and <paramref name="sessionId"/> narrow; at most <paramref name="limit"/>, 1 to 1,000.</summary>
    Task<IReadOnlyList<ApprovalRequest>> ListAsync(ApprovalStatus? status, string? sessionId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Records <paramref name="decision"/> if the request is pending, atomically. Deciding twice with the same <see cref="ApprovalDecision.DecisionId"/> answers <see cref="DecideOutcome.Decided"/> again.
    /// </summary>
    Task<DecideOutcome> DecideAsync(string approvalId, ApprovalDecision decision, CancellationToken cancellationToken);

    /// <summary>Decided requests whose session has not been told yet, oldest request first; at most <paramref name="limit"/>, 1 to 1,000.</summary>
    Task<IReadOnlyList<ApprovalRequest>> ListUndeliveredAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Notes that the session has been told. Idempotent.</summary>
    Task MarkDeliveredAsync(string approvalId, CancellationToken cancellationToken);
}

public sealed record ApprovalRequest
{
    /// <summary><c>{session}.{turn}.{step}</c>.</summary>
    public required string Id { get; init; }

    public required string SessionId { get; init; }

    /// <summary>The orchestration that waits: the session's own, or that of its rollback.</summary>
    public required string InstanceId { get; init; }

    public required string Agent { get; init; }

    public required string Goal { get; init; }

    public required string UserId { get; init; }

    public required int Turn { get; init; }

    public required string StepId { get; init; }

    public required string Tool { get; init; }

    public required ToolTier Tier { get; init; }

    public required JsonElement Arguments { get; init; }

    /// <summary>See <see cref="Approvals.ArgumentsHash"/>: a decision is bound to it.</summary>
    public required string ArgumentsHash { get; init; }

    /// <summary>Why a person is asked.</summary>
    public required string Reason { get; init; }

    /// <summary>How it would be undone, in words.</summary>
    public string? Undo { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public ApprovalStatus Status { get; init; } = ApprovalStatus.Pending;

    public ApprovalDecision? Decision { get; init; }

    /// <summary>True when a person is asked whether to go on, not whether the call may run: there is nothing to edit.</summary>
    public bool IsQuestion { get; init; }

    /// <summary>What the session had cost when it asked.</summary>
    public long CostMicros { get; init; }
}

public enum ApprovalStatus
{
    Pending,
    Approved,
    Rejected,

    /// <summary>Approved with other arguments.</summary>
    Edited,
    Expired,

    /// <summary>The session ended before anybody decided.</summary>
    Withdrawn,
}

public sealed record ApprovalDecision
{
    /// <summary>Chosen by whoever decides, so that a repeated request is recognized.</summary>
    public required string DecisionId { get; init; }

    public required ApprovalStatus Status { get; init; }

    public required string Approver { get; init; }

    public string? Reason { get; init; }

    /// <summary>The new arguments, for <see cref="ApprovalStatus.Edited"/>.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>The hash the approver saw.</summary>
    public required string ArgumentsHash { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }
}

/// <summary>What became of a decision.</summary>
public abstract record DecideOutcome
{
    public sealed record Decided(ApprovalRequest Request) : DecideOutcome;

    /// <summary>Somebody was first.</summary>
    public sealed record AlreadyDecided(ApprovalRequest Request) : DecideOutcome;

    /// <summary>The decision was made for other arguments than the stored ones.</summary>
    public sealed record Stale(ApprovalRequest Request) : DecideOutcome;

    /// <summary>The deadline has passed (<see cref="ApprovalDecision.DecidedAt"/> at or after <see cref="ApprovalRequest.ExpiresAt"/>).</summary>
    public sealed record Expired(ApprovalRequest Request) : DecideOutcome;

    public sealed record NotFound : DecideOutcome;
}
