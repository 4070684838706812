using System.Net;
using System.Net.Sockets;

namespace AgentWorkflows.Tools.Sources;

/// <summary>
/// Which addresses belong to the public internet. Everything else would let a tool, a redirect or whoever answers for a name reach the host's own network. Pure.
/// The ranges are those of IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its successors).
/// </summary>
internal static class AddressFloor
{
    private static readonly (IPNetwork Network, AddressClass Class)[] Closed =
    [
        .. Of(AddressClass.Unspecified, "0.0.0.0/8", "::/128"),
        .. Of(AddressClass.Loopback, "127.0.0.0/8", "::1/128"),
        .. Of(AddressClass.LinkLocal, "169.254.0.0/16", "fe80::/10"),
        // What clouds answer instances on, outside of link-local.
        .. Of(AddressClass.Metadata, "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::/32", "fd20:ce::254/128"),
        .. Of(AddressClass.Private, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10"),
        .. Of(AddressClass.Multicast, "224.0.0.0/4", "ff00::/8"),
        .. Of(
            AddressClass.Reserved, "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "240.0.0.0/4", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "64:ff9b:1::/48"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    /// <summary>Addresses that carry an IPv4 address are of that one's class, and never public: nothing has to be reached that way.</summary>
    public static AddressClass ClassOf(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            return ClassOf(address.MapToIPv4());
        }
        foreach (var (network, kind) in Closed.Where(closed => closed.Class != AddressClass.Reserved))
        {
            if (network.Contains(address))
            {
                return kind;
            }
        }
        if (Embedded(address) is { } inner)
        {
            return ClassOf(inner) is var carried and not AddressClass.Public ? carried : AddressClass.Embedded;
        }
        if (Closed.Any(closed => closed.Class == AddressClass.Reserved && closed.Network.Contains(address)))
        {
            return AddressClass.Reserved;
        }
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(address) ? AddressClass.Reserved : AddressClass.Public;
    }

    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }
        var bytes = address.GetAddressBytes();
        if (SixToFour.Contains(address))
        {
            return new IPAddress(bytes.AsSpan(2, 4));
        }
        if (Teredo.Contains(address))
        {
            // The client's address is written with every bit turned over.
            return new IPAddress([(byte)~bytes[12], (byte)~bytes[13], (byte)~bytes[14], (byte)~bytes[15]]);
        }
        return Translated.Contains(address) || Compatible.Contains(address) ? new IPAddress(bytes.AsSpan(12, 4)) : null;
    }

    private static IEnumerable<(IPNetwork, AddressClass)> Of(AddressClass kind, params string[] networks) => networks.Select(network => (IPNetwork.Parse(network), kind));
}

internal enum AddressClass
{
    Public,
    Unspecified,
    Loopback,
    LinkLocal,
    Metadata,

    /// <summary>RFC 1918, shared (CGNAT), unique local, site local.</summary>
    Private,
    Multicast,

    /// <summary>Documentation, benchmarks, protocol assignments, broadcast, and what IANA has not given out.</summary>
    Reserved,

    /// <summary>6to4, Teredo, NAT64 or IPv4-compatible, with a public IPv4 address inside.</summary>
    Embedded,
}
