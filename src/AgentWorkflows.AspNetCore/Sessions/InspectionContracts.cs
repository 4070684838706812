using System.Text.Json;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <summary>What was said and done, turn by turn.</summary>
/// <param name="ForkedFrom">Turns up to its turn were taken over from that session.</param>
internal sealed record TranscriptResponse(
    string SessionId, string Goal, JsonElement Context, ForkSourceResponse? ForkedFrom, string? Answer, IReadOnlyList<TurnResponse> Turns);

/// <param name="Refused">Model answers that were no plan, with what was wrong.</param>
internal sealed record TurnResponse(
    int Turn, DateTimeOffset? At, string Reason, string? Answer, string? Model, int Tokens, decimal CostUsd,
    IReadOnlyList<RefusedPlanResponse> Refused, IReadOnlyList<CallResponse> Calls);

internal sealed record RefusedPlanResponse(string Text, string Problem, int Tokens, decimal CostUsd);

/// <summary>A planned call and what came of it.</summary>
internal sealed record CallResponse
{
    public required string StepId { get; init; }

    public required string Tool { get; init; }

    /// <summary>The ones that ran, or would: a person may have changed the planned ones.</summary>
    public required JsonElement Arguments { get; init; }

    public bool Edited { get; init; }

    /// <summary>Only where a person changed them.</summary>
    public JsonElement? PlannedArguments { get; init; }

    public required IReadOnlyList<CriterionResponse> SuccessCriteria { get; init; }

    public required string OnFailure { get; init; }

    public string? Undo { get; init; }

    public required IReadOnlyList<AttemptResponse> Attempts { get; init; }

    /// <summary>Such as <c>succeeded</c>, <c>rejected</c>, <c>criteria_failed</c>; <c>null</c> while that is not recorded.</summary>
    public string? Outcome { get; init; }

    /// <summary><c>null</c> also when it is larger than is shown; <see cref="ResultBytes"/> tells.</summary>
    public JsonElement? Result { get; init; }

    public int ResultBytes { get; init; }

    public string? Message { get; init; }

    public string? Suggestion { get; init; }
}

internal sealed record CriterionResponse(string Path, string Operator, JsonElement? Value);

internal sealed record AttemptResponse(bool Succeeded, string Action, double? DurationMs, decimal CostUsd, AttemptFailureResponse? Failure);

internal sealed record AttemptFailureResponse(string Kind, string Message, string? Suggestion, bool RetrySafe);

/// <summary>A session as it stood when a turn had ended.</summary>
internal sealed record TurnStateResponse
{
    public required string SessionId { get; init; }

    public required int Turn { get; init; }

    public required int LastTurn { get; init; }

    public required DateTimeOffset At { get; init; }

    public required decimal CostUsd { get; init; }

    public required int Tokens { get; init; }

    public required int ToolCalls { get; init; }

    public required int Retries { get; init; }

    public required IReadOnlyDictionary<string, int> CallsByTool { get; init; }

    public required IReadOnlyList<RollbackItem> Saga { get; init; }

    public required IReadOnlyList<TurnResponse> Transcript { get; init; }
}

/// <summary>The session's hard limits and how far it has come with each.</summary>
internal sealed record LimitsResponse(string SessionId, IReadOnlyList<LimitResponse> Limits);

/// <param name="Name"><c>cost</c>, <c>turns</c>, <c>tool_calls</c>, <c>tokens</c>, <c>age</c>.</param>
/// <param name="Unit"><c>usd</c>, <c>count</c> or <c>seconds</c>.</param>
internal sealed record LimitResponse(string Name, string Unit, decimal Used, decimal Limit);
