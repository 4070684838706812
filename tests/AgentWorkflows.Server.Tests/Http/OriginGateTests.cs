using System.Net;
using AgentWorkflows.AspNetCore.Security;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>Without keys the API answers to its own machine only, by whatever name another one calls it.</summary>
public sealed class OriginGateTests
{
    private static readonly ApiKeyRing NoKeys = new([]);
    private static readonly ApiKeyRing Keys = new([new ApiKey("one", new byte[32], ApiRoles.Read, "u-1")]);

    [Theory]
    [InlineData("localhost", "127.0.0.1", 0)]
    [InlineData("localhost", "::1", 0)]
    [InlineData("127.0.0.1", "127.0.0.1", 0)]
    [InlineData("[::1]", "::1", 0)]
    [InlineData("localhost", "::ffff:127.0.0.1", 0)]
    [InlineData("localhost", null, 0)]
    [InlineData("localhost", "192.168.1.20", 403)]
    [InlineData("127.0.0.1", "10.0.0.5", 403)]
    [InlineData("localhost", "fe80::1", 403)]
    [InlineData("localhost", "::ffff:192.168.1.20", 403)]
    [InlineData("agents.example.com", "127.0.0.1", 421)]
    [InlineData("localhost.example.com", "127.0.0.1", 421)]
    [InlineData("192.168.1.20", "192.168.1.20", 421)]
    public void WithoutKeys_OnlyTheOwnMachineIsAnswered(string host, string? remote, int refused)
    {
        var problem = OriginGate.Check(Request(host, remote), NoKeys);

        Assert.Equal(refused, problem?.Status ?? 0);
    }

    [Fact]
    public void WithoutKeys_AnotherMachineIsToldWhatToDo()
    {
        var problem = OriginGate.Check(Request("localhost", "192.168.1.20"), NoKeys);

        Assert.Equal("remote_not_allowed", problem?.Code);
    }

    [Fact]
    public void WithKeys_TheyDecideInstead() => Assert.Null(OriginGate.Check(Request("agents.example.com", "192.168.1.20"), Keys));

    private static DefaultHttpContext Request(string host, string? remote)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        return context;
    }
}
