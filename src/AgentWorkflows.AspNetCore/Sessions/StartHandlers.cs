using System.Text.Json;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Sessions;

internal sealed class StartHandlers(SessionService sessions, TimeProvider time)
{
    private const int MaxWaitSeconds = 300;

    public async Task<IResult> StartAsync(HttpContext context)
    {
        var (id, refused) = await StartSessionAsync(context);
        return refused ?? Accepted(context, id!);
    }

    /// <summary>Waits for the end of the session; one that needs longer is answered like a start, and goes on.</summary>
    public async Task<IResult> ExecuteAsync(HttpContext context)
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

    private async Task<(string? Id, IResult? Refused)> StartSessionAsync(HttpContext context)
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
        var outcome = await sessions.StartAsync(request, context.RequestAborted);
        return outcome switch
        {
            StartSessionOutcome.Started started => (started.SessionId, null),
            StartSessionOutcome.AlreadyExists exists => (null, Problem.SessionExists(exists.SessionId)),
            StartSessionOutcome.Invalid invalid => (null, Problem.Invalid(invalid.Problems)),
            _ => throw new InvalidOperationException($"Unknown start outcome {outcome.GetType().Name}."),
        };
    }

    /// <summary>
    /// A session counts against its <c>user_id</c> and is seen by that user, so only operators may name somebody else there. Anything but the
    /// caller's own name, in a string, is somebody else: how another reader would take a number must not matter.
    /// </summary>
    private static Problem? ForSomebodyElse(Caller caller, JsonElement context)
    {
        var own = caller.IsOperator
            || (context.TryGetProperty("user_id", out var user) && user.ValueKind == JsonValueKind.String && caller.Sees(user.GetString()!));
        if (!own)
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "user_mismatch", "This key may start sessions for its own user only: context.user_id must be that user.");
        }
        return caller.MayActAs(StartRequestRules.RoleOf(context))
            ? null
            : Problem.Of(StatusCodes.Status403Forbidden, "role_mismatch",
                $"This key may start sessions in these roles only: {string.Join(", ", caller.SessionRoles)}. Leave context.role out for '{SessionRef.DefaultRole}'.");
    }

    private async Task<SessionView?> WaitAsync(HttpContext context, string id, TimeSpan wait)
    {
        using var deadline = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            return await sessions.WaitForEndAsync(id, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IResult Accepted(HttpContext context, string id)
    {
        context.Response.Headers.Location = StartedResponse.Url(id, context.Request.PathBase);
        return Results.Json(StartedResponse.For(id, context.Request.PathBase), ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
