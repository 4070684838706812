using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Words;

namespace AgentWorkflows.AspNetCore.Approvals;

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

    /// <summary>Who is asked, and from when on; none: everybody who may decide.</summary>
    public IReadOnlyList<ApproverResponse> Approvers { get; init; } = [];

    /// <summary>False: the session's user may not decide.</summary>
    public bool SelfApproval { get; init; } = true;

    /// <summary><c>reject</c>, <c>halt</c> or <c>approve</c>.</summary>
    public string OnTimeout { get; init; } = "reject";

    /// <summary>What it means that nobody decides in time, in words.</summary>
    public string Deadline { get; init; } = "";

    /// <summary>Approvals that count already, where several are required.</summary>
    public IReadOnlyList<DecisionResponse> Votes { get; init; } = [];

    /// <summary>What the call would change, as of the request.</summary>
    public IReadOnlyList<ChangeResponse> Preview { get; init; } = [];

    /// <summary>Messages about it, and whether they got there.</summary>
    public IReadOnlyList<NoticeResponse> Notices { get; init; } = [];

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
        Tier = SnakeCase.Of(request.Tier),
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
        Approvers = [.. request.Stages.SelectMany(stage => stage.Approvers.Select(name => new ApproverResponse(name, stage.From)))],
        SelfApproval = request.SelfApproval,
        OnTimeout = SnakeCase.Of(request.OnTimeout),
        Deadline = AgentWorkflows.Approvals.Deadline.Means(request),
        Votes = [.. request.Votes.Select(DecisionResponse.From)],
        Preview = [.. request.Preview.Select(change => new ChangeResponse(change.What, change.Before, change.After))],
        Notices = [.. request.Notices.Select(NoticeResponse.From)],
    };
}

/// <param name="Via">How it came in: <c>link</c>, <c>terminal</c>, or <c>api:</c> and the key's name.</param>
internal sealed record DecisionResponse(string Status, string Approver, string? Reason, JsonElement? Arguments, DateTimeOffset DecidedAt, string? Via = null)
{
    /// <summary>True when nobody decided: the deadline passed, or the session ended.</summary>
    public bool BySystem { get; init; }

    public static DecisionResponse From(ApprovalDecision decision) =>
        new(decision.Status.ToString(), decision.Approver, decision.Reason, decision.Arguments, decision.DecidedAt, decision.Via) { BySystem = decision.BySystem };
}

internal sealed record ApproverResponse(string Name, DateTimeOffset From);

internal sealed record ChangeResponse(string What, string Before, string After);

internal sealed record NoticeResponse(string Channel, string Recipient, string Kind, string Status, int Attempts, DateTimeOffset? At, string? Error)
{
    public static NoticeResponse From(ApprovalNotice notice) => new(
        notice.Channel, notice.Recipient, SnakeCase.Of(notice.Kind), SnakeCase.Of(notice.Status), notice.Attempts, notice.At, notice.Error);
}
