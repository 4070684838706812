using System.Net;

namespace AgentWorkflows.Hosting;

/// <summary>Which names and addresses mean this machine and no other.</summary>
internal static class Loopback
{
    /// <param name="host">A name or address, IPv6 with or without brackets. Wildcards (<c>*</c>, <c>+</c>, <c>0.0.0.0</c>, <c>[::]</c>) are not loopback.</param>
    public static bool IsLoopbackHost(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        // A name that merely resolves to 127.0.0.1 does not count: whoever owns it can change that.
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }
}
