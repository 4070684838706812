using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Record;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.AspNetCore.Live;

/// <summary>Says which sessions have changed; the client reads what it shows of them.</summary>
internal sealed class ChangesResult(Subscription subscription, Caller caller) : IResult
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);

    public Task ExecuteAsync(HttpContext httpContext) => subscription.RunAsync(httpContext, async (stream, cancellationToken) =>
    {
        var store = httpContext.RequestServices.GetRequiredService<ISessionStore>();
        while (true)
        {
            var changed = await VisibleAsync(store, await subscription.NextAsync(cancellationToken), cancellationToken);
            if (changed.Count == 0)
            {
                await stream.KeepAliveAsync(cancellationToken);
                continue;
            }
            await stream.SendAsync("changed", new ChangedEvent(changed), cancellationToken);
            await Task.Delay(Pace, subscription.Time, cancellationToken);
        }
    });

    private async Task<IReadOnlyCollection<string>> VisibleAsync(ISessionStore store, IReadOnlySet<string> changed, CancellationToken cancellationToken)
    {
        if (caller.HasAny(ApiRoles.Operate | ApiRoles.Approve))
        {
            return [.. changed];
        }
        var visible = new List<string>();
        foreach (var id in changed)
        {
            if (await store.GetAsync(id, cancellationToken) is { } session && caller.Sees(session.UserId))
            {
                visible.Add(id);
            }
        }
        return visible;
    }
}

internal sealed record ChangedEvent(IReadOnlyCollection<string> Sessions);
