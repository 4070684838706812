using System.Text;
using AgentWorkflows.Guards;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;

namespace AgentWorkflows.AspNetCore.Sessions;

internal static class InspectionMapping
{
    /// <summary>A result may have megabytes; a page shows this much of it.</summary>
    private const int MaxResultBytes = 64 * 1024;

    public static TranscriptResponse ToResponse(SessionRecord session, SessionTranscript transcript) => new(
        session.Id, session.Goal, session.Context, SessionMapping.ToResponse(session.ForkedFrom), session.Progress.Answer, [.. transcript.Turns.Select(ToResponse)]);

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
        var age = SessionAge.Of(session, now);
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

    private static CallResponse ToResponse(InspectedCall call)
    {
        var seen = call.Observation;
        var bytes = seen?.Result is { } result ? Encoding.UTF8.GetByteCount(result.GetRawText()) : 0;
        return new CallResponse
        {
            StepId = call.StepId,
            Tool = call.Tool,
            Arguments = call.Edited ?? call.Arguments,
            Edited = call.Edited is not null,
            PlannedArguments = call.Edited is null ? null : call.Arguments,
            SuccessCriteria = [.. call.Step.SuccessCriteria.Select(c => new CriterionResponse(c.Path, SnakeCase.Of(c.Operator), c.Value))],
            OnFailure = SnakeCase.Of(call.Step.OnFailure),
            Undo = call.Step.Undo,
            Attempts = [.. call.Attempts.Select(ToResponse)],
            Outcome = seen is null ? null : SnakeCase.Of(seen.Status),
            Result = bytes <= MaxResultBytes ? seen?.Result : null,
            ResultBytes = bytes,
            Message = seen?.Message,
            Suggestion = seen?.Suggestion,
        };
    }

    private static AttemptResponse ToResponse(CallDocument attempt) => new(
        attempt.Succeeded, attempt.Action.ToString(), attempt.Duration?.TotalMilliseconds, ApiJson.Usd(attempt.CostMicros),
        attempt.Failure is { } failure
            ? new AttemptFailureResponse(SnakeCase.Of(failure.Kind), failure.Message, failure.Suggestion, failure.RetrySafe)
            : null);
}
