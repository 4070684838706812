using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Tools.Sources;

/// <summary>
/// What a source opens in the floor: <c>HOST</c> or <c>HOST:PORT</c>, each. A name opens loopback and private addresses behind it, for that name only; link-local and all other
/// classes are open only where the address itself is written. Without a port the standard ports and those of the source's own addresses are meant. Immutable.
/// </summary>
internal sealed partial class AllowedHosts
{
    public const string Rule = "HOST or HOST:PORT, such as localhost:5000, 10.0.0.7 or [fd12::7]:8443; no wildcards, no addresses with a path";

    private readonly (string Host, IPAddress? Address, int? Port)[] _entries;

    private AllowedHosts((string, IPAddress?, int?)[] entries) => _entries = entries;

    public static AllowedHosts None { get; } = new([]);

    /// <exception cref="FormatException">One is none; the message says which.</exception>
    public static AllowedHosts Of(IEnumerable<string> entries) =>
        new([.. entries.Select(entry => Parse(entry) ?? throw new FormatException($"'{entry}' is not a host. Allowed: {Rule}."))]);

    public static bool IsEntry(string text) => Parse(text) is not null;

    /// <summary>The host and the port stand there.</summary>
    public bool Names(string host, int port) => Matching(host, port).Any(entry => entry.Port == port);

    /// <summary>The host stands there, with this port or without one.</summary>
    public bool NamesHost(string host, int port) => Matching(host, port).Any();

    /// <summary>Whether a connection to <paramref name="address"/> may be made for somebody who asked for <paramref name="host"/>.</summary>
    public bool Opens(string host, int port, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _entries.Any(entry => entry.Address is { } literal && (entry.Port is null || entry.Port == port) && literal.Equals(plain))
            || (AddressFloor.ClassOf(plain) is AddressClass.Loopback or AddressClass.Private && Matching(host, port).Any(entry => entry.Address is null));
    }

    private IEnumerable<(string Host, IPAddress? Address, int? Port)> Matching(string host, int port)
    {
        var name = Canonical(host);
        return _entries.Where(entry => entry.Host == name && (entry.Port is null || entry.Port == port));
    }

    private static (string, IPAddress?, int?)? Parse(string entry)
    {
        if (Entry().Match(entry) is not { Success: true } match)
        {
            return null;
        }
        int? port = match.Groups["port"].Success ? int.Parse(match.Groups["port"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : null;
        if (port is < 1 or > 65535)
        {
            return null;
        }
        var host = Canonical(match.Groups["host"].Value);
        var isAddress = IPAddress.TryParse(host, out var address);
        // One spelling of an address, so that who reads the list knows what it opens.
        return isAddress && address!.ToString() != host ? null : (host, address, port);
    }

    private static string Canonical(string host)
    {
        var plain = host.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        return plain.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(plain, out var address) ? address.ToString() : plain;
    }

    [GeneratedRegex(@"^(?<host>[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\])(:(?<port>[0-9]{1,5}))?\z")]
    private static partial Regex Entry();
}
