using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Live;

/// <summary>Streams of changes. Only on hosts where changes are announced; elsewhere clients poll with the tags of what they have.</summary>
internal sealed class EventHandlers(LiveFeed feed, SessionService sessions, ISessionStore store, VisibleSessions visible, IApprovalStore approvals, TimeProvider time)
{
    public Task<IResult> AllAsync(HttpContext context) =>
        Task.FromResult(Open(null, subscription => new ChangesResult(subscription, Caller.Of(context), store, approvals)));

    public async Task<IResult> OfSessionAsync(HttpContext context)
    {
        if (!Query.TryLong(context, "after", 0, long.MaxValue, 0, out var after, out var problem))
        {
            return problem;
        }
        return await visible.FindAsync(context) is { Id: var id }
            ? Open(id, subscription => new SessionChangesResult(subscription, sessions, store, id, after))
            : Problem.SessionNotFound(VisibleSessions.IdOf(context));
    }

    private IResult Open(string? sessionId, Func<Subscription, IResult> stream)
    {
        if (!feed.IsAnnounced)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "events_not_available", "This host does not stream changes. Poll, with If-None-Match.");
        }
        return feed.TryListen(sessionId) is { } listener
            ? stream(new Subscription(feed, listener, time))
            : Problem.Of(StatusCodes.Status503ServiceUnavailable, "too_many_streams", "Too many clients follow changes already. Poll, with If-None-Match, and try again later.");
    }
}

/// <summary>A place among the listeners, given back when the stream ends.</summary>
internal sealed record Subscription(LiveFeed Feed, LiveFeed.Listener Listener, TimeProvider Time)
{
    /// <summary>How long changes are collected before they are told, so that a busy host does not tell of each.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task<IReadOnlySet<string>> NextAsync(CancellationToken cancellationToken) => Listener.NextAsync(Patience, Time, cancellationToken);

    /// <summary>Runs a stream until the client goes or the host stops.</summary>
    public async Task RunAsync(HttpContext context, Func<EventStream, CancellationToken, Task> run)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, Feed.Closing);
        try
        {
            await run(await EventStream.OpenAsync(context.Response, either.Token), either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The end of every stream.
        }
        finally
        {
            Listener.Dispose();
        }
    }
}
