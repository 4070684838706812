using System.Text.Json;
using AgentWorkflows.Http.Bodies;
using AgentWorkflows.Http.Problems;
using AgentWorkflows.Http.Routing;
using AgentWorkflows.Http.Security;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Http.Sessions;

internal static class StartHandlers
{
    private const int MaxWaitSeconds = 300;

    public static async Task<IResult> StartAsync(HttpContext context)
    {
        var (id, refused) = await StartSessionAsync(context);
        return refused ?? Accepted(context, id!);
    }

    /// <summary>Waits for the end of the session; one that needs longer is answered like a start, and goes on.</summary>
    public static async Task<IResult> ExecuteAsync(HttpContext context)
    {
        if (!Query.TryInt(context, "wait", 0, MaxWaitSeconds, 0, out var seconds, out var problem))
        {
            return problem;
        }
        var (id, refused) = await StartSessionAsync(context);
        if (refused is not null)
        {
            return refused;
        }
        return seconds > 0 && await WaitAsync(context, id!, TimeSpan.FromSeconds(seconds)) is { } view
            ? Results.Json(SessionMapping.ToResponse(view), ApiJson.Options)
            : Accepted(context, id!);
    }

    private static async Task<(string? Id, IResult? Refused)> StartSessionAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        if (body is not BodyResult.Read read)
        {
            return (null, ((BodyResult.Refused)body).Problem);
        }
        var problems = new List<RequestProblem>();
        if (StartSessionBody.Read(read.Json, problems) is not { } request)
        {
            return (null, Problem.Invalid(problems));
        }
        if (ForSomebodyElse(Caller.Of(context), request.Context) is { } refused)
        {
            return (null, refused);
        }
        var outcome = await context.RequestServices.GetRequiredService<SessionService>().StartAsync(request, context.RequestAborted);
        return outcome switch
        {
            StartSessionOutcome.Started started => (started.SessionId, null),
            StartSessionOutcome.AlreadyExists exists => (null, Problem.Of(
                StatusCodes.Status409Conflict, "session_exists", $"There is a session '{exists.SessionId}' already; nothing was started.")
                .With("sessionId", exists.SessionId)),
            StartSessionOutcome.Invalid invalid => (null, Problem.Invalid(invalid.Problems)),
            _ => throw new InvalidOperationException($"Unknown start outcome {outcome.GetType().Name}."),
        };
    }

    /// <summary>A user's budget is charged to the <c>user_id</c> of the context, so only operators may name somebody else's.</summary>
    private static Problem? ForSomebodyElse(Caller caller, JsonElement context)
    {
        var user = context.TryGetProperty("user_id", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : null;
        return user is null || caller.Sees(user)
            ? null
            : Problem.Of(StatusCodes.Status403Forbidden, "user_mismatch", "The key's user may start sessions for itself only: context.user_id names another one.");
    }

    private static async Task<SessionView?> WaitAsync(HttpContext context, string id, TimeSpan wait)
    {
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        using var deadline = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            return await context.RequestServices.GetRequiredService<SessionService>().WaitForEndAsync(id, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IResult Accepted(HttpContext context, string id)
    {
        context.Response.Headers.Location = StartedResponse.Url(id);
        return Results.Json(StartedResponse.For(id), ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
