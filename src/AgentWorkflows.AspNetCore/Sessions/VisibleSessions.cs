using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Record;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <summary>The session that an address names, where the caller may see it.</summary>
internal sealed class VisibleSessions(ISessionStore store)
{
    /// <returns><c>null</c>: there is none, or it is somebody else's, which is answered alike.</returns>
    public async Task<SessionRecord?> FindAsync(HttpContext context)
    {
        var session = await store.GetAsync(IdOf(context), context.RequestAborted);
        return session is not null && Caller.Of(context).Sees(session.UserId) ? session : null;
    }

    public static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
