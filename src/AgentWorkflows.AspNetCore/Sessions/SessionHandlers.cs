using AgentWorkflows.Agents;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Sessions;

internal sealed class SessionHandlers(
    SessionService sessions, ISessionStore store, VisibleSessions visible, ICostLedger ledger, AgentSnapshots snapshots, IChatModelCatalog models)
{
    private const int MaxTimelinePage = 1000;

    public async Task<IResult> ListAsync(HttpContext context)
    {
        if (!Query.TryEnums<SessionStatus>(context, "status", out var statuses, out var problem)
            || !Query.TryInt(context, "limit", 1, 500, 50, out var limit, out problem))
        {
            return problem;
        }
        var caller = Caller.Of(context);
        var user = Query.Text(context, "user");
        if (!caller.IsOperator)
        {
            if (user is not null && !caller.Sees(user))
            {
                return Results.Json(new SessionListResponse([], null), ApiJson.Options);
            }
            user = caller.User;
        }
        var query = new SessionQuery
        {
            Statuses = statuses,
            Agent = Query.Text(context, "agent"),
            UserId = user is null ? null : PersonName.Normalize(user) ?? user,
            TaskType = Query.Text(context, "taskType"),
            PageSize = limit,
            Cursor = Query.Text(context, "cursor"),
        };
        try
        {
            var page = await store.ListAsync(query, context.RequestAborted);
            return new TaggedJson<SessionListResponse>(new SessionListResponse([.. page.Sessions.Select(SessionMapping.ToSummary)], page.Cursor));
        }
        catch (FormatException) when (query.Cursor is not null)
        {
            return Problem.InvalidQuery("cursor", "Not a cursor of this server. Take it from the previous page, or leave it out.");
        }
    }

    public async Task<IResult> GetAsync(HttpContext context)
    {
        var id = VisibleSessions.IdOf(context);
        var view = await sessions.GetAsync(id, context.RequestAborted);
        return view is null || !Caller.Of(context).Sees(view.Session.UserId)
            ? Problem.SessionNotFound(id)
            : new TaggedJson<SessionResponse>(SessionMapping.ToResponse(view));
    }

    public async Task<IResult> TimelineAsync(HttpContext context)
    {
        if (!Query.TryLong(context, "after", 0, long.MaxValue, 0, out var after, out var problem)
            || !Query.TryInt(context, "limit", 1, MaxTimelinePage, MaxTimelinePage, out var limit, out problem))
        {
            return problem;
        }
        var id = VisibleSessions.IdOf(context);
        if (await visible.FindAsync(context) is null)
        {
            return Problem.SessionNotFound(id);
        }
        var entries = await store.ListTimelineAsync(id, after, limit, context.RequestAborted);
        return new TaggedJson<TimelineResponse>(new TimelineResponse([.. entries.Select(SessionMapping.ToItem)], entries.Count > 0 ? entries[^1].Sequence : after));
    }

    public async Task<IResult> LedgerAsync(HttpContext context)
    {
        if (await visible.FindAsync(context) is not { } session)
        {
            return Problem.SessionNotFound(VisibleSessions.IdOf(context));
        }
        var entries = await ledger.ListAsync(session.Id, context.RequestAborted);
        var agent = await snapshots.GetAsync(session.SnapshotHash, context.RequestAborted);
        return new TaggedJson<LedgerResponse>(SessionMapping.ToLedger(session.Id, entries) with { Savings = SessionMapping.ToSavings(entries, agent, models.Resolve) });
    }
}
