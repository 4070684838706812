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
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.AspNetCore.Sessions;

internal static class SessionHandlers
{
    private const int MaxTimelinePage = 1000;

    public static async Task<IResult> ListAsync(HttpContext context)
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
            var page = await context.RequestServices.GetRequiredService<ISessionStore>().ListAsync(query, context.RequestAborted);
            return new TaggedJson<SessionListResponse>(new SessionListResponse([.. page.Sessions.Select(SessionMapping.ToSummary)], page.Cursor));
        }
        catch (FormatException) when (query.Cursor is not null)
        {
            return Problem.InvalidQuery("cursor", "Not a cursor of this server. Take it from the previous page, or leave it out.");
        }
    }

    public static async Task<IResult> GetAsync(HttpContext context)
    {
        var id = Id(context);
        var view = await context.RequestServices.GetRequiredService<SessionService>().GetAsync(id, context.RequestAborted);
        return view is null || !Caller.Of(context).Sees(view.Session.UserId)
            ? Problem.SessionNotFound(id)
            : new TaggedJson<SessionResponse>(SessionMapping.ToResponse(view));
    }

    public static async Task<IResult> TimelineAsync(HttpContext context)
    {
        if (!Query.TryLong(context, "after", 0, long.MaxValue, 0, out var after, out var problem)
            || !Query.TryInt(context, "limit", 1, MaxTimelinePage, MaxTimelinePage, out var limit, out problem))
        {
            return problem;
        }
        var id = Id(context);
        if (!await IsVisibleAsync(context, id))
        {
            return Problem.SessionNotFound(id);
        }
        var entries = await context.RequestServices.GetRequiredService<ISessionStore>().ListTimelineAsync(id, after, limit, context.RequestAborted);
        return new TaggedJson<TimelineResponse>(new TimelineResponse([.. entries.Select(SessionMapping.ToItem)], entries.Count > 0 ? entries[^1].Sequence : after));
    }

    public static async Task<IResult> LedgerAsync(HttpContext context)
    {
        var id = Id(context);
        if (!await IsVisibleAsync(context, id))
        {
            return Problem.SessionNotFound(id);
        }
        var entries = await context.RequestServices.GetRequiredService<ICostLedger>().ListAsync(id, context.RequestAborted);
        return new TaggedJson<LedgerResponse>(SessionMapping.ToLedger(id, entries) with { Savings = await SavingsAsync(context, id, entries) });
    }

    private static async Task<SavingsResponse?> SavingsAsync(HttpContext context, string id, IReadOnlyList<LedgerEntry> entries)
    {
        var services = context.RequestServices;
        var session = await services.GetRequiredService<ISessionStore>().GetAsync(id, context.RequestAborted);
        var agent = session is null ? null : await services.GetRequiredService<AgentSnapshots>().GetAsync(session.SnapshotHash, context.RequestAborted);
        return SessionMapping.ToSavings(entries, agent, services.GetRequiredService<IChatModelCatalog>().Resolve);
    }

    public static async Task<bool> IsVisibleAsync(HttpContext context, string id)
    {
        var session = await context.RequestServices.GetRequiredService<ISessionStore>().GetAsync(id, context.RequestAborted);
        return session is not null && Caller.Of(context).Sees(session.UserId);
    }

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
