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
        Decision = request.Decision is not { } decision
            ? null
            : new DecisionResponse(decision.Status.ToString(), decision.Approver, decision.Reason, decision.Arguments, decision.DecidedAt),
    };
}

internal sealed record DecisionResponse(string Status, string Approver, string? Reason, JsonElement? Arguments, DateTimeOffset DecidedAt);
