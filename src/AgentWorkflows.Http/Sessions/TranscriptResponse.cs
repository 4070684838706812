using System.Text.Json;
using AgentWorkflows.Planning;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Http.Sessions;

/// <param name="ForkedFrom">Turns up to its turn were taken over from that session.</param>
internal sealed record TranscriptResponse(
    string SessionId, string Goal, JsonElement Context, ForkSourceResponse? ForkedFrom, IReadOnlyList<TurnResponse> Turns)
{
    public static TranscriptResponse From(SessionRecord session, IReadOnlyList<TranscriptTurn> turns) => new(
        session.Id, session.Goal, session.Context, SessionMapping.ToResponse(session.ForkedFrom), [.. turns.Select(TurnResponse.From)]);
}

/// <param name="Answer">For the turn that answered the goal; it has no calls.</param>
internal sealed record TurnResponse(int Turn, string Reason, string? Answer, IReadOnlyList<CallResponse> Calls)
{
    public static TurnResponse From(TranscriptTurn turn) => new(
        turn.Turn, turn.Plan.Reason, turn.Plan.Answer,
        [.. turn.Plan.Steps.SelectMany(step => CallResponse.From(step, turn.Observations))]);
}

/// <summary>A planned call and what came of it; <see cref="Outcome"/> is <c>null</c> while that is not recorded.</summary>
internal sealed record CallResponse
{
    public required string StepId { get; init; }

    public required string Tool { get; init; }

    /// <summary>The ones that ran: a person may have changed the planned ones.</summary>
    public required JsonElement Arguments { get; init; }

    public bool Edited { get; init; }

    public string? Undo { get; init; }

    /// <summary>Such as <c>succeeded</c>, <c>rejected</c>, <c>criteria_failed</c>.</summary>
    public string? Outcome { get; init; }

    public JsonElement? Result { get; init; }

    public string? Message { get; init; }

    public string? Suggestion { get; init; }

    public static IEnumerable<CallResponse> From(PlanStep step, IReadOnlyList<Observation> observations)
    {
        yield return Of(step.Id, step.Tool, step.Arguments, step.Undo, observations);
        if (step.Alternative is { } other && observations.Any(seen => seen.StepId == PlannedCall.AlternativeId(step.Id)))
        {
            yield return Of(PlannedCall.AlternativeId(step.Id), other.Tool, other.Arguments, null, observations);
        }
    }

    private static CallResponse Of(string id, string tool, JsonElement arguments, string? undo, IReadOnlyList<Observation> observations)
    {
        var seen = observations.FirstOrDefault(observation => observation.StepId == id);
        return new CallResponse
        {
            StepId = id,
            Tool = tool,
            Arguments = seen?.Arguments ?? arguments,
            Edited = seen?.Edited ?? false,
            Undo = undo,
            Outcome = seen is null ? null : ApiJson.Snake(seen.Status),
            Result = seen?.Result,
            Message = seen?.Message,
            Suggestion = seen?.Suggestion,
        };
    }
}
