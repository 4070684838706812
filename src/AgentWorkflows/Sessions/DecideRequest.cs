using System.Text.Json;
using AgentWorkflows.Approvals;

namespace AgentWorkflows.Sessions;

/// <summary>A decision as a person sends it.</summary>
public sealed record DecideRequest
{
    public required DecisionKind Decision { get; init; }

    public required string Approver { get; init; }

    public string? Reason { get; init; }

    /// <summary>For <see cref="DecisionKind.Edit"/>: the complete new arguments, checked against the tool's contract.</summary>
    public JsonElement? Arguments { get; init; }

    /// <summary>The hash of the arguments the approver saw.</summary>
    public required string ArgumentsHash { get; init; }

    /// <summary>See <see cref="ApprovalDecision.Via"/>.</summary>
    public string? Via { get; init; }
}

/// <summary>Approve, reject, or approve with other arguments.</summary>
public enum DecisionKind
{
    Approve,
    Reject,
    Edit,
}

/// <summary>What became of a request to decide: the store's outcome, or problems in the request itself.</summary>
public abstract record DecideResult
{
    /// <summary>The request was taken to the store, whose outcome this is.</summary>
    public sealed record Done(DecideOutcome Outcome) : DecideResult;

    /// <summary>This person may not decide about it.</summary>
    public sealed record Refused(ApprovalRequest Request, ApproverVerdict Verdict) : DecideResult;

    /// <summary>Every problem of the decision at once; nothing was recorded.</summary>
    public sealed record Invalid(IReadOnlyList<RequestProblem> Problems) : DecideResult;
}
