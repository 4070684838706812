using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Sessions;

internal sealed class RollbackHandlers(SessionService sessions, RollbackService rollbacks)
{
    private const int MaxReasonLength = 1000;

    /// <summary>Starts a rollback; asking again for the same end of the session joins the one that runs.</summary>
    public async Task<IResult> RollbackAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context, optional: true);
        if (body is not BodyResult.Read read)
        {
            return ((BodyResult.Refused)body).Problem;
        }
        var problems = new List<RequestProblem>();
        var reader = BodyReader.Root(read.Json, problems);
        var reason = reader?.OptionalText("reason", MaxReasonLength);
        reader?.Finish();
        if (problems.Count > 0)
        {
            return Problem.Invalid(problems);
        }
        var id = VisibleSessions.IdOf(context);
        return await rollbacks.RollbackAsync(id, reason, context.RequestAborted) switch
        {
            RollbackOutcome.Started => Accepted(context, id),
            RollbackOutcome.NotFound => Problem.SessionNotFound(id),
            RollbackOutcome.StillRunning running => Problem.Of(StatusCodes.Status409Conflict, "session_running",
                $"Session '{id}' is {running.Status}. Wait until it has ended, or terminate it first."),
            RollbackOutcome.NothingToDo => Problem.Of(StatusCodes.Status409Conflict, "nothing_to_roll_back",
                $"Session '{id}' has nothing that can still be taken back."),
            RollbackOutcome.TooLate late => Problem.Of(StatusCodes.Status410Gone, "rollback_window_closed",
                FormattableString.Invariant($"Session '{id}' ended at {late.EndedAt:u}; it could be rolled back for {late.Retention.TotalHours:0.##} hours.")),
            var other => throw new InvalidOperationException($"Unknown rollback outcome {other.GetType().Name}."),
        };
    }

    /// <summary>What was taken back, what could not be, and what a person has to do.</summary>
    public async Task<IResult> ReportAsync(HttpContext context)
    {
        var id = VisibleSessions.IdOf(context);
        var view = await sessions.GetAsync(id, context.RequestAborted);
        return view is null || !Caller.Of(context).Sees(view.Session.UserId)
            ? Problem.SessionNotFound(id)
            : Results.Json(RollbackResponse.From(view), ApiJson.Options);
    }

    private static IResult Accepted(HttpContext context, string id)
    {
        context.Response.Headers.Location = $"{StartedResponse.Url(id, context.Request.PathBase)}/rollback";
        return Results.Json(StartedResponse.For(id, context.Request.PathBase), ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
