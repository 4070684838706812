using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <summary>Holding, going on and ending. All answer 202 with where to look; asking twice is safe.</summary>
internal sealed class LifecycleHandlers(SessionService sessions, SessionTermination termination)
{
    private const int MaxReasonLength = 1000;

    public Task<IResult> SuspendAsync(HttpContext context) => CommandAsync(
        context, (id, reason) => sessions.SuspendAsync(id, reason, context.RequestAborted));

    public Task<IResult> ResumeAsync(HttpContext context) => CommandAsync(
        context, (id, reason) => sessions.ResumeAsync(id, reason, context.RequestAborted));

    public async Task<IResult> TerminateAsync(HttpContext context)
    {
        var rollBack = false;
        var (reason, refused) = await ReadReasonAsync(context, reader => rollBack = reader.OptionalBoolean("rollback") ?? false);
        if (refused is not null)
        {
            return refused;
        }
        var id = VisibleSessions.IdOf(context);
        var (outcome, rollback) = await termination
            .TerminateAsync(id, reason, rollBack, context.RequestAborted);
        return Answer(context, id, outcome, rollback switch
        {
            null => null,
            RollbackOutcome.Started => "started",
            RollbackOutcome.NothingToDo => "nothing_to_do",
            RollbackOutcome.TooLate => "too_late",
            _ => "not_started",
        });
    }

    private static async Task<IResult> CommandAsync(HttpContext context, Func<string, string?, Task<LifecycleOutcome>> command)
    {
        var (reason, refused) = await ReadReasonAsync(context);
        if (refused is not null)
        {
            return refused;
        }
        var id = VisibleSessions.IdOf(context);
        return Answer(context, id, await command(id, reason), null);
    }

    private static async Task<(string? Reason, IResult? Refused)> ReadReasonAsync(HttpContext context, Action<BodyReader>? more = null)
    {
        var body = await RequestBody.ReadAsync(context, optional: true);
        if (body is not BodyResult.Read read)
        {
            return (null, ((BodyResult.Refused)body).Problem);
        }
        var problems = new List<RequestProblem>();
        string? reason = null;
        if (BodyReader.Root(read.Json, problems) is { } reader)
        {
            reason = reader.OptionalText("reason", MaxReasonLength);
            more?.Invoke(reader);
            reader.Finish();
        }
        return problems.Count > 0 ? (null, Problem.Invalid(problems)) : (reason, null);
    }

    private static IResult Answer(HttpContext context, string id, LifecycleOutcome outcome, string? rollback)
    {
        switch (outcome)
        {
            case LifecycleOutcome.NotFound:
                return Problem.SessionNotFound(id);
            case LifecycleOutcome.AlreadyFinished:
                return Problem.Of(StatusCodes.Status409Conflict, "session_finished", $"Session '{id}' has ended already.");
            default:
                context.Response.Headers.Location = StartedResponse.Url(id, context.Request.PathBase);
                return Results.Json(StartedResponse.For(id, context.Request.PathBase) with { Rollback = rollback }, ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
        }
    }
}
