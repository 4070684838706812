using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <summary>Holding, going on and ending. All answer 202 with where to look; asking twice is safe.</summary>
internal static class LifecycleHandlers
{
    private const int MaxReasonLength = 1000;

    public static Task<IResult> SuspendAsync(HttpContext context) => CommandAsync(
        context, (service, id, reason) => service.SuspendAsync(id, reason, context.RequestAborted));

    public static Task<IResult> ResumeAsync(HttpContext context) => CommandAsync(
        context, (service, id, reason) => service.ResumeAsync(id, reason, context.RequestAborted));

    public static async Task<IResult> TerminateAsync(HttpContext context)
    {
        var rollBack = false;
        var (reason, refused) = await ReadReasonAsync(context, reader => rollBack = reader.OptionalBoolean("rollback") ?? false);
        if (refused is not null)
        {
            return refused;
        }
        var id = Id(context);
        var (outcome, rollback) = await context.RequestServices.GetRequiredService<SessionTermination>()
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

    private static async Task<IResult> CommandAsync(HttpContext context, Func<SessionService, string, string?, Task<LifecycleOutcome>> command)
    {
        var (reason, refused) = await ReadReasonAsync(context);
        if (refused is not null)
        {
            return refused;
        }
        var id = Id(context);
        return Answer(context, id, await command(context.RequestServices.GetRequiredService<SessionService>(), id, reason), null);
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
                context.Response.Headers.Location = StartedResponse.Url(id);
                return Results.Json(StartedResponse.For(id) with { Rollback = rollback }, ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
        }
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
