using AgentWorkflows.Http.Problems;
using AgentWorkflows.Http.Routing;
using AgentWorkflows.Http.Security;
using AgentWorkflows.Planning;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Http.Sessions;

internal static class TranscriptHandlers
{
    /// <summary>What was planned and what came of it, turn by turn; <c>?turn=</c> shows the session as it stood at the end of that turn.</summary>
    public static async Task<IResult> GetAsync(HttpContext context)
    {
        if (!Query.TryInt(context, "turn", 0, int.MaxValue, int.MaxValue, out var through, out var problem))
        {
            return problem;
        }
        var id = (string)context.Request.RouteValues["id"]!;
        var store = context.RequestServices.GetRequiredService<ISessionStore>();
        var session = await store.GetAsync(id, context.RequestAborted);
        if (session is null || !Caller.Of(context).Sees(session.UserId))
        {
            return Problem.SessionNotFound(id);
        }
        var turns = Transcript.Read(await store.ListDocumentsAsync(id, through, context.RequestAborted));
        return Results.Json(TranscriptResponse.From(session, turns), ApiJson.Options);
    }
}
