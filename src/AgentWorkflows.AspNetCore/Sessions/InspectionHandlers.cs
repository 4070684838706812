using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <summary>Looking closely at one session.</summary>
internal static class InspectionHandlers
{
    private const int MaxTurn = 1_000_000;

    /// <summary>What was planned and what came of it, turn by turn; <c>?turn=</c> ends with that turn.</summary>
    public static async Task<IResult> TranscriptAsync(HttpContext context)
    {
        if (!Query.TryInt(context, "turn", 0, int.MaxValue, int.MaxValue, out var through, out var problem))
        {
            return problem;
        }
        return await FindAsync(context) is not { } session
            ? Problem.SessionNotFound(Id(context))
            : new TaggedJson<TranscriptResponse>(InspectionMapping.ToResponse(
                session, await Inspector(context).TranscriptAsync(session.Id, through, context.RequestAborted)));
    }

    /// <summary>The session as it stood when a turn had ended; turn 0 is its start.</summary>
    public static async Task<IResult> StateAsync(HttpContext context)
    {
        if (!Query.TryInt(context, "turn", 0, MaxTurn, -1, out var turn, out var problem))
        {
            return problem;
        }
        if (await FindAsync(context) is not { } session)
        {
            return Problem.SessionNotFound(Id(context));
        }
        var asked = turn < 0 ? session.Progress.Turn : turn;
        return await Inspector(context).StateAtAsync(session, asked, context.RequestAborted) is { } state
            ? new TaggedJson<TurnStateResponse>(InspectionMapping.ToResponse(session.Id, state))
            : Problem.InvalidQuery("turn", $"The session has come to turn {session.Progress.Turn}; ask for 0 to {session.Progress.Turn}.");
    }

    public static async Task<IResult> LimitsAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } session)
        {
            return Problem.SessionNotFound(Id(context));
        }
        var limits = await Inspector(context).LimitsAsync(session, context.RequestAborted);
        return new TaggedJson<LimitsResponse>(InspectionMapping.ToResponse(
            session, limits, context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()));
    }

    private static async Task<SessionRecord?> FindAsync(HttpContext context)
    {
        var session = await context.RequestServices.GetRequiredService<ISessionStore>().GetAsync(Id(context), context.RequestAborted);
        return session is not null && Caller.Of(context).Sees(session.UserId) ? session : null;
    }

    private static SessionInspector Inspector(HttpContext context) => context.RequestServices.GetRequiredService<SessionInspector>();

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
