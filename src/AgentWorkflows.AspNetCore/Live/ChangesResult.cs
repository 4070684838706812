using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Record;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Live;

/// <summary>Says which sessions have changed; the client reads what it shows of them.</summary>
internal sealed class ChangesResult(Subscription subscription, Caller caller, ISessionStore store, IApprovalStore approvals) : IResult
{
    private const int MaxAsked = 1000;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);

    public Task ExecuteAsync(HttpContext httpContext) => subscription.RunAsync(httpContext, async (stream, cancellationToken) =>
    {
        while (true)
        {
            var changed = await VisibleAsync(await subscription.NextAsync(cancellationToken), cancellationToken);
            if (changed.Count == 0)
            {
                await stream.KeepAliveAsync(cancellationToken);
                continue;
            }
            await stream.SendAsync("changed", new ChangedEvent(changed), cancellationToken);
            await Task.Delay(Pace, subscription.Time, cancellationToken);
        }
    });

    /// <summary>A session of somebody else's tells an approver nothing but what waits for them.</summary>
    private async Task<bool> WaitsForAsync(string sessionId, CancellationToken cancellationToken) => caller.HasAny(ApiRoles.Approve)
        && (await approvals.ListAsync(new ApprovalQuery { SessionId = sessionId, Limit = MaxAsked }, cancellationToken))
            .Any(request => ApprovalRules.Waits(request, caller.User));

    private async Task<IReadOnlyCollection<string>> VisibleAsync(IReadOnlySet<string> changed, CancellationToken cancellationToken)
    {
        if (caller.IsOperator)
        {
            return [.. changed];
        }
        var visible = new List<string>();
        foreach (var id in changed)
        {
            if (await store.GetAsync(id, cancellationToken) is { } session && (caller.Sees(session.UserId) || await WaitsForAsync(id, cancellationToken)))
            {
                visible.Add(id);
            }
        }
        return visible;
    }
}

internal sealed record ChangedEvent(IReadOnlyCollection<string> Sessions);
