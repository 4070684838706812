using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Record;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.AspNetCore.Sessions;

internal static class CountHandlers
{
    /// <summary>How many sessions the caller sees of each status; no counts where the host's store does not count.</summary>
    public static async Task<IResult> CountAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        var counts = context.RequestServices.GetService<ISessionCounts>() is { } store
            ? await store.CountAsync(caller.IsOperator ? null : caller.User, context.RequestAborted)
            : null;
        return new TaggedJson<CountsResponse>(new CountsResponse(counts?.ToDictionary(count => count.Key.ToString(), count => count.Value)));
    }
}

/// <param name="Counts">By status; <c>null</c>: this host does not count.</param>
internal sealed record CountsResponse(IReadOnlyDictionary<string, int>? Counts);
