using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <summary>Looking closely at one session.</summary>
internal sealed class InspectionHandlers(VisibleSessions visible, SessionInspector inspector, TimeProvider time)
{
    private const int MaxTurn = 1_000_000;

    /// <summary>What was planned and what came of it, turn by turn; <c>?turn=</c> ends with that turn.</summary>
    public async Task<IResult> TranscriptAsync(HttpContext context)
    {
        if (!Query.TryInt(context, "turn", 0, int.MaxValue, int.MaxValue, out var through, out var problem))
        {
            return problem;
        }
        return await visible.FindAsync(context) is not { } session
            ? Problem.SessionNotFound(VisibleSessions.IdOf(context))
            : new TaggedJson<TranscriptResponse>(InspectionMapping.ToResponse(
                session, await inspector.TranscriptAsync(session.Id, through, context.RequestAborted)));
    }

    /// <summary>The session as it stood when a turn had ended; turn 0 is its start.</summary>
    public async Task<IResult> StateAsync(HttpContext context)
    {
        if (!Query.TryInt(context, "turn", 0, MaxTurn, -1, out var turn, out var problem))
        {
            return problem;
        }
        if (await visible.FindAsync(context) is not { } session)
        {
            return Problem.SessionNotFound(VisibleSessions.IdOf(context));
        }
        var asked = turn < 0 ? session.Progress.Turn : turn;
        return await inspector.StateAtAsync(session, asked, context.RequestAborted) is { } state
            ? new TaggedJson<TurnStateResponse>(InspectionMapping.ToResponse(session.Id, state))
            : Problem.InvalidQuery("turn", $"The session has come to turn {session.Progress.Turn}; ask for 0 to {session.Progress.Turn}.");
    }

    public async Task<IResult> LimitsAsync(HttpContext context)
    {
        if (await visible.FindAsync(context) is not { } session)
        {
            return Problem.SessionNotFound(VisibleSessions.IdOf(context));
        }
        var limits = await inspector.LimitsAsync(session, context.RequestAborted);
        return new TaggedJson<LimitsResponse>(InspectionMapping.ToResponse(
            session, limits, time.GetUtcNow()));
    }
}
