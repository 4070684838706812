using System.Net;

namespace AgentWorkflows.Connectors.Http;

/// <summary>What is done with an answer that sends elsewhere.</summary>
internal abstract record Redirect
{
    /// <param name="KeepsCredentials">The same origin: the credentials of the source go there too.</param>
    public sealed record Follow(Uri To, bool KeepsCredentials) : Redirect;

    /// <summary>It says that the call was made.</summary>
    public sealed record TakeAsAnswer : Redirect;

    /// <param name="Why">For people, without a full stop.</param>
    public sealed record Refuse(string Why) : Redirect;
}

/// <summary>
/// A call that only reads is followed to any address that passes the floor. One that writes is followed within its origin only, where the answer says that it has to be made there
/// (307, 308); 303 says that it was made. Nothing is followed from https to http. Pure.
/// </summary>
internal static class RedirectRule
{
    public const int MaxHops = 5;

    public static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    public static Redirect Decide(Uri from, HttpMethod method, HttpStatusCode status, Uri? location)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(method);
        if (location is null || !Uri.TryCreate(from, location, out var to))
        {
            return new Redirect.Refuse("it names no address to go to");
        }
        var reads = method == HttpMethod.Get || method == HttpMethod.Head;
        if (!reads && status == HttpStatusCode.SeeOther)
        {
            return new Redirect.TakeAsAnswer();
        }
        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme == Uri.UriSchemeHttp)
        {
            return new Redirect.Refuse("it leads from https to http");
        }
        var sameOrigin = IsSameOrigin(from, to);
        if (reads)
        {
            return new Redirect.Follow(to, sameOrigin);
        }
        if (!sameOrigin)
        {
            return new Redirect.Refuse("it leads to another server, and the call may change something");
        }
        return (int)status is 307 or 308
            ? new Redirect.Follow(to, KeepsCredentials: true)
            : new Redirect.Refuse("it does not say whether the call was made");
    }

    public static bool IsSameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.IdnHost == other.IdnHost && one.Port == other.Port;
}
