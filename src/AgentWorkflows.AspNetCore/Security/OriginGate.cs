using System.Net;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.Hosting;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Security;

/// <summary>
/// Keeps web pages away from a host without keys. A page of a stranger can make the browser on this machine send requests here: under the
/// stranger's own host name (DNS rebinding), or across sites. Neither passes. With keys a page has nothing to send, and nothing is checked.
/// </summary>
internal static class OriginGate
{
    public static Problem? Check(HttpContext context, ApiKeyRing keys)
    {
        if (!keys.IsOpen)
        {
            return null;
        }
        var request = context.Request;
        if (!Loopback.IsLoopbackHost(request.Host.Host))
        {
            return Problem.Of(StatusCodes.Status421MisdirectedRequest, "host_not_allowed",
                "Without API keys this server answers only to localhost. Call it by that name, or configure API keys.");
        }
        // Whatever name it called us by. A socket or pipe has no address and is this machine's.
        if (context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "remote_not_allowed", "Without API keys this server answers only to its own machine. Configure API keys.");
        }
        var origin = request.Headers.Origin.ToString();
        // A form of a page that sends no referrer has the origin 'null', also towards its own server; the browser says then where it stands.
        var own = origin == "null" && request.Headers["Sec-Fetch-Site"].ToString() == "same-origin";
        var foreign = origin.Length > 0 && !own && !string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
        var crossSite = request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && !IsFollowedLink(request);
        return foreign || crossSite
            ? Problem.Of(StatusCodes.Status403Forbidden, "origin_not_allowed", "Pages of other origins may not call this server.")
            : null;
    }

    /// <summary>A person followed a link to a page here. The page that has the link cannot read what opens, and opening changes nothing.</summary>
    private static bool IsFollowedLink(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
}
