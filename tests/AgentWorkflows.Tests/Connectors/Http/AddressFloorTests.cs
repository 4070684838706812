using System.Net;
using AgentWorkflows.Connectors.Http;
using AgentWorkflows.Tools.Sources;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.Http;

public sealed class AddressFloorTests
{
    /// <summary>Hosts as somebody would spell them in an address, with the class of what they mean.</summary>
    public static TheoryData<string, string> Spellings() => new()
    {
        // Loopback, in every base and length.
        { "127.0.0.1", "Loopback" }, { "127.1", "Loopback" }, { "127.0.1", "Loopback" }, { "127.255.255.254", "Loopback" }, { "2130706433", "Loopback" },
        { "0x7f000001", "Loopback" }, { "0x7F.0.0.1", "Loopback" }, { "0x7f.1", "Loopback" }, { "017700000001", "Loopback" }, { "0177.0.0.1", "Loopback" },
        { "0177.1", "Loopback" }, { "127.0x0.0.1", "Loopback" }, { "127.00.00.01", "Loopback" }, { "%31%32%37.0.0.1", "Loopback" }, { "１２７.0.0.1", "Loopback" }, { "127。0。0。1", "Loopback" },
        { "[::1]", "Loopback" }, { "[0:0:0:0:0:0:0:1]", "Loopback" }, { "[0000:0000:0000:0000:0000:0000:0000:0001]", "Loopback" }, { "[::ffff:127.0.0.1]", "Loopback" },
        { "[::ffff:7f00:1]", "Loopback" }, { "[0:0:0:0:0:ffff:127.0.0.1]", "Loopback" }, { "[::127.0.0.1]", "Loopback" }, { "[::7f00:1]", "Loopback" },
        { "[64:ff9b::7f00:1]", "Loopback" }, { "[64:ff9b::127.0.0.1]", "Loopback" }, { "[2002:7f00:1::]", "Loopback" }, { "[2001:0:1:2:3:4:80ff:fffe]", "Loopback" },
        // Metadata and link-local.
        { "169.254.169.254", "LinkLocal" }, { "2852039166", "LinkLocal" }, { "0xa9fea9fe", "LinkLocal" }, { "0xa9.254.169.254", "LinkLocal" }, { "0251.0376.0251.0376", "LinkLocal" },
        { "169.254.43518", "LinkLocal" }, { "[::ffff:169.254.169.254]", "LinkLocal" }, { "[::ffff:a9fe:a9fe]", "LinkLocal" }, { "[2002:a9fe:a9fe::1]", "LinkLocal" },
        { "[64:ff9b::a9fe:a9fe]", "LinkLocal" }, { "[fe80::1]", "LinkLocal" }, { "[febf::1]", "LinkLocal" }, { "[fe80::1%25eth0]", "LinkLocal" },
        { "168.63.129.16", "Metadata" }, { "100.100.100.200", "Metadata" }, { "192.0.0.192", "Metadata" }, { "[fd00:ec2::254]", "Metadata" },
        // Private.
        { "10.0.0.1", "Private" }, { "10.1", "Private" }, { "0xa.1", "Private" }, { "167772161", "Private" }, { "172.16.0.1", "Private" }, { "172.31.255.255", "Private" },
        { "192.168.1.1", "Private" }, { "192.168.257", "Private" }, { "100.64.0.1", "Private" }, { "100.127.255.255", "Private" }, { "[::ffff:10.0.0.1]", "Private" },
        { "[fc00::1]", "Private" }, { "[fdff::1]", "Private" }, { "[fec0::1]", "Private" }, { "[2002:c0a8:101::]", "Private" }, { "[64:ff9b::10.0.0.1]", "Private" },
        // Nobody's.
        { "0.0.0.0", "Unspecified" }, { "0", "Unspecified" }, { "0x0", "Unspecified" }, { "0.1.2.3", "Unspecified" }, { "[::]", "Unspecified" }, { "[::ffff:0.0.0.0]", "Unspecified" },
        { "224.0.0.1", "Multicast" }, { "239.255.255.255", "Multicast" }, { "[ff02::1]", "Multicast" },
        { "255.255.255.255", "Reserved" }, { "4294967295", "Reserved" }, { "240.0.0.1", "Reserved" }, { "192.0.2.1", "Reserved" }, { "198.51.100.7", "Reserved" },
        { "203.0.113.9", "Reserved" }, { "198.18.0.1", "Reserved" }, { "198.19.255.255", "Reserved" }, { "192.0.0.8", "Reserved" }, { "192.88.99.1", "Reserved" },
        { "[2001:db8::1]", "Reserved" }, { "[3fff::1]", "Reserved" }, { "[100::1]", "Reserved" }, { "[2001:20::1]", "Reserved" }, { "[64:ff9b:1::1]", "Reserved" }, { "[4000::1]", "Reserved" },
        { "[2002:808:808::]", "Embedded" }, { "[64:ff9b::8.8.8.8]", "Embedded" }, { "[::8.8.8.8]", "Embedded" }, { "[2001:0:1:2:3:4:f7f7:f7f7]", "Embedded" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void What_is_not_the_public_internet_is_refused_however_it_is_spelt(string host, string kind)
    {
        // What cannot be read as an address's host cannot be asked; what is read as a name is looked up, and what it leads to is checked.
        if (Uri.TryCreate($"https://{host}/x", UriKind.Absolute, out var address) && IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out var literal))
        {
            Assert.Equal(kind, AddressFloor.ClassOf(literal).ToString());
            Assert.NotNull(new TargetRule(AllowedHosts.None, []).Refusal(address));
        }
    }

    [Fact]
    public void Sixty_spellings_and_more_are_read_as_addresses() => Assert.InRange(
        Spellings().Count(row => Uri.TryCreate($"https://{row[0]}/x", UriKind.Absolute, out var address) && IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out _)), 60, 200);

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("169.253.0.1")]
    [InlineData("[2606:4700::1111]")]
    [InlineData("[2a00:1450:4001::1]")]
    [InlineData("[::ffff:8.8.8.8]")]
    public void The_public_internet_is_not(string host) =>
        Assert.Null(new TargetRule(AllowedHosts.None, []).Refusal(new Uri($"https://{host}/")));

    [Theory]
    [InlineData("ftp://example.com/", "http")]
    [InlineData("file:///etc/passwd", "http")]
    [InlineData("https://user:pass@example.com/", "user")]
    [InlineData("https://example.com@127.0.0.1/", "user")]
    [InlineData("https://example.com:22/", "port 22")]
    [InlineData("https://example.com:6379/", "port 6379")]
    public void An_address_that_is_none_for_a_tool_is_refused(string address, string why) =>
        Assert.Contains(why, new TargetRule(AllowedHosts.None, []).Refusal(new Uri(address)), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_allowed_opens_what_is_private_behind_it_and_nothing_else()
    {
        var allowed = AllowedHosts.Of(["crm.internal:8443", "localhost:5000"]);
        Assert.True(allowed.Opens("crm.internal", 8443, IPAddress.Parse("10.0.0.7")));
        Assert.True(allowed.Opens("CRM.internal.", 8443, IPAddress.Parse("10.0.0.7")));
        Assert.True(allowed.Opens("localhost", 5000, IPAddress.IPv6Loopback));
        Assert.False(allowed.Opens("crm.internal", 443, IPAddress.Parse("10.0.0.7")));
        Assert.False(allowed.Opens("other.internal", 8443, IPAddress.Parse("10.0.0.7")));
        // What a name leads to is not what was written.
        Assert.False(allowed.Opens("crm.internal", 8443, IPAddress.Parse("169.254.169.254")));
        Assert.False(allowed.Opens("crm.internal", 8443, IPAddress.Parse("168.63.129.16")));
        Assert.False(allowed.Opens("crm.internal", 8443, IPAddress.Any));
    }

    [Fact]
    public void An_address_that_is_allowed_is_open_by_that_spelling_of_it()
    {
        var allowed = AllowedHosts.Of(["169.254.10.1", "[fd12::7]:8443"]);
        Assert.True(allowed.Opens("169.254.10.1", 80, IPAddress.Parse("169.254.10.1")));
        Assert.False(allowed.Opens("169.254.10.2", 80, IPAddress.Parse("169.254.10.2")));
        Assert.True(allowed.Opens("fd12::7", 8443, IPAddress.Parse("fd12:0::7")));
        Assert.False(allowed.Opens("fd12::7", 443, IPAddress.Parse("fd12::7")));
    }

    [Theory]
    [InlineData("*.example.com")]
    [InlineData("https://example.com")]
    [InlineData("example.com/path")]
    [InlineData("example.com:0")]
    [InlineData("example.com:70000")]
    [InlineData("0x7f.1")]
    [InlineData("127.1")]
    [InlineData("user@example.com")]
    [InlineData("")]
    public void An_entry_that_says_more_or_less_than_a_host_is_none(string entry) => Assert.False(AllowedHosts.IsEntry(entry));
}
