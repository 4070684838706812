using System.Net;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Connectors.Http;

/// <summary>Whether an address may be asked at all, before its name is looked up. Pure; what the name leads to is decided where the connection is made.</summary>
internal sealed class TargetRule(AllowedHosts allowed, IEnumerable<Uri> own)
{
    private readonly (string Host, int Port)[] _own = [.. own.Select(address => (address.IdnHost, address.Port))];

    public AllowedHosts Allowed => allowed;

    /// <returns>Why not, for people; <c>null</c> when it may.</returns>
    public string? Refusal(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            return "it is no http or https address";
        }
        if (address.UserInfo.Length > 0)
        {
            return "it has a user in it";
        }
        if (address.IdnHost.Length == 0 || address.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6))
        {
            return "it has no host";
        }
        if (!IsUsualPort(address))
        {
            return $"port {address.Port} is neither 80 nor 443 nor one that the source names";
        }
        // Addresses spelt otherwise (0x7f.1, 2130706433, 127.1) have been read as what they are by now, or are read here.
        return IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var literal) ? Refusal(address.IdnHost, address.Port, literal) : null;
    }

    /// <summary>Whether a connection may be made to <paramref name="address"/>, to which <paramref name="host"/> leads.</summary>
    public string? Refusal(string host, int port, IPAddress address) =>
        AddressFloor.ClassOf(address) is var kind and not AddressClass.Public && !allowed.Opens(host, port, address)
            ? $"{(host.Trim('[', ']') == address.ToString() ? address : $"{host} leads to {address}, which")} is {Words(kind)}"
            : null;

    private bool IsUsualPort(Uri address) =>
        address.Port is 80 or 443 || _own.Contains((address.IdnHost, address.Port)) || allowed.Names(address.IdnHost, address.Port);

    private static string Words(AddressClass kind) => kind switch
    {
        AddressClass.Loopback => "this machine itself (loopback)",
        AddressClass.LinkLocal => "a link-local address, where clouds keep instances' credentials",
        AddressClass.Metadata => "a cloud's metadata address",
        AddressClass.Private => "in a private network",
        AddressClass.Unspecified => "no address of anybody (unspecified)",
        AddressClass.Multicast => "a multicast address",
        AddressClass.Embedded => "an IPv4 address inside an IPv6 one",
        _ => "a reserved address",
    };
}
