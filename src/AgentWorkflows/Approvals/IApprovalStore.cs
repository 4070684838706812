using System.Text.Json;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

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

    /// <summary>Newest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not 1 to 1,000.</exception>
    Task<IReadOnlyList<ApprovalRequest>> ListAsync(ApprovalQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Does what <see cref="ApprovalArbiter.Decide"/> says, atomically: of two decisions at once, the second meets what the first left. Deciding twice with the
    /// same <see cref="ApprovalDecision.DecisionId"/> answers <see cref="DecideOutcome.Decided"/> or <see cref="DecideOutcome.Counted"/> again.
    /// </summary>
    Task<DecideOutcome> DecideAsync(string approvalId, ApprovalDecision decision, CancellationToken cancellationToken);

    /// <summary>Adds or replaces notices as <see cref="ApprovalArbiter.WithNotices"/> says, atomically, whether the request is decided or not.</summary>
    /// <returns>What is stored; <c>null</c> when there is no such request.</returns>
    Task<ApprovalRequest?> PutNoticesAsync(string approvalId, IReadOnlyList<ApprovalNotice> notices, CancellationToken cancellationToken);

    /// <summary>
    /// Decided requests whose session has not acted on the decision yet and is to be told by <paramref name="now"/>, oldest request first; at most
    /// <paramref name="limit"/>, 1 to 1,000. One that was never told is due at once.
    /// </summary>
    Task<IReadOnlyList<UndeliveredDecision>> ListUndeliveredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Notes how often the session was told, and when it is told again if it has not acted by then. Changes nothing for a request that is not decided, or whose
    /// session has acted.
    /// </summary>
    Task PutOffDeliveryAsync(string approvalId, DecisionTold told, CancellationToken cancellationToken);

    /// <summary>Notes that the session acts on the decision, or never will: it is not told again. Idempotent.</summary>
    Task MarkDeliveredAsync(string approvalId, CancellationToken cancellationToken);
}

/// <summary>Each absent value does not narrow.</summary>
public sealed record ApprovalQuery
{
    public ApprovalStatus? Status { get; init; }

    public string? SessionId { get; init; }

    /// <summary>Whose session asks.</summary>
    public string? UserId { get; init; }

    /// <summary>A person named in one of the request's stages; requests without stages, or with a stage for everybody, wait for all.</summary>
    public string? Approver { get; init; }

    /// <summary>1 to 1,000, default 100.</summary>
    public int Limit { get; init; } = 100;
}

/// <summary>A call that waits for a person: what would run, why, who may decide until when, and what was decided.</summary>
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

    /// <summary>See <see cref="Words.ArgumentsHash"/>: a decision is bound to it.</summary>
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
    public Micros CostMicros { get; init; }

    /// <summary>How many different people have to approve: 1 to 5. One of them is enough to reject.</summary>
    public int Required { get; init; } = 1;

    /// <summary>Who may decide, and from when on. None: everybody who may decide at all.</summary>
    public IReadOnlyList<ApproverStage> Stages { get; init; } = [];

    /// <summary>False: the session's user may not decide.</summary>
    public bool SelfApproval { get; init; } = true;

    public TimeoutMeaning OnTimeout { get; init; }

    /// <summary>What the call would change, as of the request; empty where the tool cannot tell.</summary>
    public IReadOnlyList<PreviewedChange> Preview { get; init; } = [];

    /// <summary>Where more than one person has to approve: those who have, first to last.</summary>
    public IReadOnlyList<ApprovalDecision> Votes { get; init; } = [];

    /// <summary>Messages about this request, and what became of them.</summary>
    public IReadOnlyList<ApprovalNotice> Notices { get; init; } = [];
}

/// <param name="From">Before this, the people named here may not decide yet.</param>
/// <param name="Approvers">As <see cref="Approver.Normalize"/> spells them; none: everybody.</param>
public sealed record ApproverStage(DateTimeOffset From, IReadOnlyList<string> Approvers);

/// <summary>What it means that nobody decided in time.</summary>
public enum TimeoutMeaning
{
    /// <summary>The call does not run, and the agent goes on without it.</summary>
    Reject,

    /// <summary>The session ends.</summary>
    Halt,

    /// <summary>The call runs. Never for <see cref="ToolTier.Destructive"/>.</summary>
    Approve,
}

/// <summary>How a request stands.</summary>
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

/// <summary>What a person decided about a request.</summary>
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

    /// <summary>How it came in: <c>link</c>, <c>terminal</c>, or <c>api:</c> and the key's name.</summary>
    public string? Via { get; init; }

    /// <summary>True when nobody decided: the deadline passed or the session ended. Counts after the deadline too, and alone.</summary>
    public bool BySystem { get; init; }
}

/// <summary>What became of a decision.</summary>
public abstract record DecideOutcome
{
    /// <summary>The decision stands; it is in the request.</summary>
    public sealed record Decided(ApprovalRequest Request) : DecideOutcome;

    /// <summary>The approval counts, but more people have to approve.</summary>
    public sealed record Counted(ApprovalRequest Request) : DecideOutcome;

    /// <summary>This person has approved already; another one has to.</summary>
    public sealed record SameApprover(ApprovalRequest Request) : DecideOutcome;

    /// <summary>Somebody was first.</summary>
    public sealed record AlreadyDecided(ApprovalRequest Request) : DecideOutcome;

    /// <summary>The decision was made for other arguments than the stored ones.</summary>
    public sealed record Stale(ApprovalRequest Request) : DecideOutcome;

    /// <summary>The deadline has passed (<see cref="ApprovalDecision.DecidedAt"/> at or after <see cref="ApprovalRequest.ExpiresAt"/>).</summary>
    public sealed record Expired(ApprovalRequest Request) : DecideOutcome;

    /// <summary>There is no such request.</summary>
    public sealed record NotFound : DecideOutcome;
}
