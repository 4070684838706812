using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Sessions;

internal sealed class ForkHandlers(ForkService forks, VisibleSessions visible)
{
    private const int MaxTurn = 1_000_000;
    private const int MaxIdLength = 100;

    /// <summary>A new session from the recorded turns of this one; for operators, and for users on their own sessions.</summary>
    public async Task<IResult> ForkAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        if (body is not BodyResult.Read read)
        {
            return ((BodyResult.Refused)body).Problem;
        }
        var problems = new List<RequestProblem>();
        if (Read(read, problems) is not { } request)
        {
            return Problem.Invalid(problems);
        }
        var id = VisibleSessions.IdOf(context);
        if (await visible.FindAsync(context) is null)
        {
            return Problem.SessionNotFound(id);
        }
        return await forks.ForkAsync(id, request, context.RequestAborted) switch
        {
            ForkOutcome.Started started => Accepted(context, started),
            ForkOutcome.NotFound => Problem.SessionNotFound(id),
            ForkOutcome.AlreadyExists exists => Problem.SessionExists(exists.SessionId),
            ForkOutcome.Refused refused => Problem.Of(StatusCodes.Status409Conflict, "fork_" + SnakeCase.Of(refused.Reason), refused.Message),
            var other => throw new InvalidOperationException($"Unknown fork outcome {other.GetType().Name}."),
        };
    }

    private static ForkRequest? Read(BodyResult.Read body, List<RequestProblem> problems)
    {
        if (BodyReader.Root(body.Json, problems) is not { } reader)
        {
            return null;
        }
        var turn = reader.RequiredInt32("turn");
        var sessionId = reader.OptionalText("sessionId", MaxIdLength);
        reader.Finish();
        if (turn is < 0 or > MaxTurn)
        {
            reader.Add("invalid_value", "turn", $"Must be a turn from 0 (the start) to {MaxTurn}.");
        }
        if (sessionId is not null && !StartSessionBody.IsSessionId(sessionId))
        {
            reader.Add("invalid_value", "sessionId", "Must be 1 to 100 letters, digits, '.', '_' or '-'.");
        }
        return problems.Count > 0 ? null : new ForkRequest(turn!.Value, sessionId);
    }

    private static IResult Accepted(HttpContext context, ForkOutcome.Started started)
    {
        context.Response.Headers.Location = StartedResponse.Url(started.SessionId, context.Request.PathBase);
        return Results.Json(
            StartedResponse.For(started.SessionId, context.Request.PathBase) with { ForkedFrom = new ForkSourceResponse(started.ForkedFrom.SessionId, started.ForkedFrom.Turn) },
            ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
