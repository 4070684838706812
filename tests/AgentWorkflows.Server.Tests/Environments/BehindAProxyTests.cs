using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Server.Tests.Processes;
using Xunit;

namespace AgentWorkflows.Server.Tests.Environments;

/// <summary>A server under a path, behind proxies, and with a client that takes all it can.</summary>
public sealed class BehindAProxyTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("agentworkflows-");

    [Fact]
    public async Task AddressesKeepThePath()
    {
        await using var server = await ServerProcess.StartAsync(_data.FullName, "AGENTWORKFLOWS_PathBase=/agents");

        var answer = await server.Http.PostAsJsonAsync("agents/api/sessions", new
        {
            agent = "order-desk",
            goal = "hello",
            sessionId = "s-1",
            context = new { project_id = "demo", user_id = "u-1", budget_limit = 1.0, task_priority = "normal" },
        });
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal("/agents/api/sessions/s-1", answer.Headers.Location?.OriginalString);
        using var json = JsonDocument.Parse(body);
        Assert.All(json.RootElement.EnumerateObject().Where(member => member.Value.ToString().Contains("/api/", StringComparison.Ordinal)),
            member => Assert.StartsWith("/agents/api/", member.Value.GetString(), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("agents/api/sessions/s-1")).StatusCode);
        using var direct = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        // Without the slash the page would look for its files beside the path.
        Assert.Equal("/agents/", (await direct.GetAsync("agents")).Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task HealthAnswersHead()
    {
        await using var server = await ServerProcess.StartAsync(_data.FullName);

        foreach (var path in (string[])["health/live", "health/ready"])
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path))).StatusCode);
        }
    }

    /// <summary>Without keys only this machine is answered: who asks is then what the proxy says, if it is one.</summary>
    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.5", HttpStatusCode.OK)]
    public async Task ForwardedHeadersAreBelievedFromProxiesOnly(string proxy, HttpStatusCode expected)
    {
        await using var server = await ServerProcess.StartAsync(_data.FullName, $"AGENTWORKFLOWS_Proxies__0={proxy}");
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/sessions");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");

        Assert.Equal(expected, (await server.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task AClientWithAThousandIdleConnections_LocksNobodyElseOut()
    {
        await using var server = await ServerProcess.StartAsync(_data.FullName);
        var idle = new List<Socket>();
        try
        {
            for (var i = 0; i < ConnectionLimit.Total; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                idle.Add(socket);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, server.Http.BaseAddress!.Port);
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
                {
                    // One too many.
                }
            }
            using var other = new HttpClient { BaseAddress = server.Http.BaseAddress };

            Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("health/ready")).StatusCode);
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }

    [Fact, System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task WhatIsWrittenDown_IsItsOwnersAlone()
    {
        var data = Path.Combine(_data.FullName, "new");
        using var surroundings = new Surroundings();

        await surroundings.RunAsync($"umask 022; $P run hello --data {data}");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        Assert.All(Directory.EnumerateFiles(data).Where(file => Path.GetFileName(file) is "engine.db" or "agentworkflows.db" or "approval-keys"),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    public void Dispose() => _data.Delete(recursive: true);
}
