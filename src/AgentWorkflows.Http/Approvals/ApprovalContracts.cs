using System.Text.Json;
using AgentWorkflows.Approvals;

namespace AgentWorkflows.Http.Approvals;

internal sealed record ApprovalListResponse(IReadOnlyList<ApprovalResponse> Approvals);

internal sealed record ApprovalResponse
{
    public required string Id { get; init; }

    public required string SessionId { get; init; }

    public required string Agent { get; init; }

    public required string Goal { get; init; }

    public required string UserId { get; init; }

    public required int Turn { get; init; }

    public required string StepId { get; init; }

    public required string Tool { get; init; }

    public required string Tier { get; init; }

    public required JsonElement Arguments { get; init; }

    public required string ArgumentsHash { get; init; }

    public required string Reason { get; init; }

    public string? Undo { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Status { get; init; }

    public required decimal CostUsd { get; init; }

    public DecisionResponse? Decision { get; init; }

    /// <summary>True when a person is asked whether to go on, not whether the call may run: there is nothing to edit.</summary>
    public bool IsQuestion { get; init; }

    /// <summary>How many different people have to approve.</summary>
    public int Required { get; init; } = 1;

    /// <summary>Those who have, where more than one has to.</summary>
    public IReadOnlyList<DecisionResponse> Votes { get; init; } = [];

    /// <summary>What it means that nobody decided in time: <c>reject</c>, <c>halt</c> or <c>approve</c>.</summary>
    public string OnTimeout { get; init; } = "reject";

    public static ApprovalResponse From(ApprovalRequest request) => new()
    {
        Id = request.Id,
        SessionId = request.SessionId,
        Agent = request.Agent,
        Goal = request.Goal,
        UserId = request.UserId,
        Turn = request.Turn,
        StepId = request.StepId,
        Tool = request.Tool,
        Tier = ApiJson.Snake(request.Tier),
        Arguments = request.Arguments,
        ArgumentsHash = request.ArgumentsHash,
        Reason = request.Reason,
        Undo = request.Undo,
        RequestedAt = request.RequestedAt,
        ExpiresAt = request.ExpiresAt,
        Status = request.Status.ToString(),
        CostUsd = ApiJson.Usd(request.CostMicros),
        Decision = request.Decision is { } decision ? DecisionResponse.From(decision) : null,
        IsQuestion = request.IsQuestion,
        Required = request.Required,
        Votes = [.. request.Votes.Select(DecisionResponse.From)],
        OnTimeout = ApiJson.Snake(request.OnTimeout),
    };
}

internal sealed record DecisionResponse(string Status, string Approver, string? Reason, JsonElement? Arguments, DateTimeOffset DecidedAt)
{
    public static DecisionResponse From(ApprovalDecision decision) =>
        new(decision.Status.ToString(), decision.Approver, decision.Reason, decision.Arguments, decision.DecidedAt);
}
