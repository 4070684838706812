using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Record;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Sessions;

internal sealed class CountHandlers(ISessionCounts counts)
{
    /// <summary>How many sessions the caller sees of each status; no counts where the host's store does not count.</summary>
    public async Task<IResult> CountAsync(HttpContext context)
    {
        var caller = Caller.Of(context);
        var found = await counts.CountAsync(caller.IsOperator ? null : caller.User, context.RequestAborted);
        return new TaggedJson<CountsResponse>(new CountsResponse(found?.ToDictionary(count => count.Key.ToString(), count => count.Value)));
    }
}

/// <param name="Counts">By status; <c>null</c>: this host does not count.</param>
internal sealed record CountsResponse(IReadOnlyDictionary<string, int>? Counts);
