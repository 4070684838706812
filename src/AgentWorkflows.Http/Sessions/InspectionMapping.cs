using System.Text;
using System.Text.Json;
using AgentWorkflows.Guards;
using AgentWorkflows.Inspection;
using AgentWorkflows.Planning;
using AgentWorkflows.Sessions;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Http.Sessions;

internal static class InspectionMapping
{
    /// <summary>A result may have megabytes; a page shows this much of it.</summary>
    private const int MaxResultBytes = 64 * 1024;

    public static TranscriptResponse ToResponse(SessionRecord session, SessionTranscript transcript) => new(
        session.Id, session.Goal, session.Context, session.Progress.Answer, [.. transcript.Turns.Select(ToResponse)]);

    public static TurnStateResponse ToResponse(string sessionId, TurnState state) => new()
    {
        SessionId = sessionId,
        Turn = state.Turn,
        LastTurn = state.LastTurn,
        At = state.At,
        CostUsd = ApiJson.Usd(state.CostMicros),
        Tokens = state.Tokens,
        ToolCalls = state.ToolCalls,
        Retries = state.Retries,
        CallsByTool = state.CallsByTool,
        Saga = [.. state.Saga.Select(RollbackItem.From)],
        Transcript = [.. state.Transcript.Select(ToResponse)],
    };

    public static LimitsResponse ToResponse(SessionRecord session, SessionLimits limits, DateTimeOffset now)
    {
        var progress = session.Progress;
        var age = (progress.Status.IsTerminal() ? session.UpdatedAt : now) - session.CreatedAt;
        return new LimitsResponse(session.Id,
        [
            new LimitResponse("cost", "usd", ApiJson.Usd(progress.CostMicros), ApiJson.Usd(limits.MaxCostMicros)),
            new LimitResponse("turns", "count", progress.Turn, limits.MaxIterations),
            new LimitResponse("tool_calls", "count", progress.ToolCalls, limits.MaxToolCalls),
            new LimitResponse("tokens", "count", progress.Tokens, limits.MaxTokens),
            new LimitResponse("age", "seconds", decimal.Truncate((decimal)age.TotalSeconds), (decimal)limits.MaxAge.TotalSeconds),
        ]);
    }

    private static TurnResponse ToResponse(InspectedTurn turn) => new(
        turn.Turn, turn.At, turn.Plan?.Plan.Reason ?? "", turn.Plan?.Plan.Answer, turn.Plan?.Model, turn.Plan?.Tokens ?? 0,
        ApiJson.Usd(turn.Plan?.CostMicros ?? 0),
        [.. turn.Refused.Select(plan => new RefusedPlanResponse(plan.Text, plan.Problem, plan.Tokens, ApiJson.Usd(plan.CostMicros)))],
        [.. turn.Calls.Select(ToResponse)]);

    private static CallResponse ToResponse(InspectedCall call) => new()
    {
        StepId = call.StepId,
        Tool = call.Tool,
        Arguments = call.Arguments,
        EditedArguments = call.Edited,
        SuccessCriteria = [.. call.Step.SuccessCriteria.Select(c => new CriterionResponse(c.Path, ApiJson.Snake(c.Operator), c.Value))],
        OnFailure = ApiJson.Snake(call.Step.OnFailure),
        Undo = call.Step.Undo,
        Attempts = [.. call.Attempts.Select(ToResponse)],
        Observation = call.Observation is { } observation ? ToResponse(observation) : null,
    };

    private static AttemptResponse ToResponse(CallDocument attempt) => new(
        attempt.Succeeded, attempt.Action.ToString(), attempt.Duration?.TotalMilliseconds, ApiJson.Usd(attempt.CostMicros),
        attempt.Failure is { } failure
            ? new AttemptFailureResponse(ApiJson.Snake(failure.Kind), failure.Message, failure.Suggestion, failure.RetrySafe)
            : null);

    private static ObservationResponse ToResponse(Observation observation)
    {
        var bytes = observation.Result is { } result ? Encoding.UTF8.GetByteCount(result.GetRawText()) : 0;
        return new ObservationResponse(
            ApiJson.Snake(observation.Status), observation.Message, observation.Suggestion, bytes <= MaxResultBytes ? observation.Result : (JsonElement?)null, bytes);
    }
}
