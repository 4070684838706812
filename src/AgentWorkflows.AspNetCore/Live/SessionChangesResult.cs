using System.Text.Json;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Live;

/// <summary>Sends a session whenever it differs from what was sent before, and each timeline entry after <paramref name="after"/> once, in order.</summary>
internal sealed class SessionChangesResult(Subscription subscription, SessionService sessions, ISessionStore store, string id, long after) : IResult
{
    private const int Page = 500;

    public Task ExecuteAsync(HttpContext httpContext) => subscription.RunAsync(httpContext, async (stream, cancellationToken) =>
    {
        var sequence = after;
        var known = "";
        while (true)
        {
            var sent = false;
            for (var entries = await ReadAsync(sequence, cancellationToken); entries.Count > 0; entries = await ReadAsync(sequence, cancellationToken))
            {
                sequence = entries[^1].Sequence;
                await stream.SendAsync("timeline", new TimelineResponse([.. entries.Select(SessionMapping.ToItem)], sequence), cancellationToken);
                sent = true;
            }
            if (await sessions.GetAsync(id, cancellationToken) is not { } view)
            {
                return;
            }
            var session = SessionMapping.ToResponse(view);
            var json = JsonSerializer.Serialize(session, ApiJson.Options);
            if (json != known)
            {
                known = json;
                await stream.SendAsync("session", session, cancellationToken);
                sent = true;
            }
            if (!sent)
            {
                await stream.KeepAliveAsync(cancellationToken);
            }
            await subscription.NextAsync(cancellationToken);
            await Task.Delay(Subscription.Pace, subscription.Time, cancellationToken);
        }
    });

    private Task<IReadOnlyList<TimelineEntry>> ReadAsync(long sequence, CancellationToken cancellationToken) =>
        store.ListTimelineAsync(id, sequence, Page, cancellationToken);
}
