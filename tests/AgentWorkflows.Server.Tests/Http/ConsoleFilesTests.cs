using System.Net;
using System.Text.RegularExpressions;
using AgentWorkflows.AspNetCore.Console;
using AgentWorkflows.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>The console's files over HTTP.</summary>
public partial class ConsoleFilesTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Index_HasAStrictPolicy_AndIsAskedForAgainWithItsTag()
    {
        await using var server = await TestServer.StartAsync();

        var first = await server.Http.GetAsync(new Uri("", UriKind.Relative));

        Assert.Equal("text/html", first.Content.Headers.ContentType?.MediaType);
        var policy = Assert.Single(first.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.True(first.Headers.CacheControl!.NoCache);
        using var again = new HttpRequestMessage(HttpMethod.Get, "");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await server.Http.SendAsync(again)).StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task EveryFileTheIndexNames_IsThere_KeptForGood_AndNamesNoOtherPlace()
    {
        await using var server = await TestServer.StartAsync();
        var index = await server.Http.GetStringAsync(new Uri("", UriKind.Relative));
        var named = Reference().Matches(index).Select(match => match.Groups[1].Value).Distinct().ToList();

        foreach (var path in named)
        {
            var file = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(file.IsSuccessStatusCode, path);
            Assert.Contains("immutable", file.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
            Assert.DoesNotMatch(Elsewhere(), await file.Content.ReadAsStringAsync());
        }

        Assert.Equal(ConsoleFiles.Embedded.All.Count() - 1, named.Count);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("console/0000000000000000/js/app.js")]
    [InlineData("console/VERSION/js/none.js")]
    [InlineData("console/VERSION/../../agentworkflows.db")]
    [InlineData("console/VERSION/%2e%2e/%2e%2e/appsettings.json")]
    public async Task OtherFiles_AreNotThere(string path)
    {
        await using var server = await TestServer.StartAsync();

        var response = await server.Http.GetAsync(new Uri(path.Replace("VERSION", ConsoleFiles.Embedded.Version, StringComparison.Ordinal), UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task Sessions_UnchangedSinceTheirTag_AreNotSentAgain()
    {
        await using var server = await TestServer.StartAsync();
        await server.StartSessionAsync("one", "Refund order 1042");
        await server.ApproveAsync("one", "issue_refund");
        await server.Services.GetRequiredService<SessionService>().WaitForEndAsync("one", CancellationToken.None);

        foreach (var path in new[] { "api/sessions", "api/sessions/one", "api/sessions/one/timeline", "api/sessions/one/transcript", "api/sessions/one/state?turn=1", "api/sessions/one/ledger", "api/approvals", "api/counts" })
        {
            var first = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            Assert.Equal((path, HttpStatusCode.NotModified), (path, (await server.Http.SendAsync(again)).StatusCode));
        }
        var before = (await server.Http.GetAsync(new Uri("api/sessions", UriKind.Relative))).Headers.ETag;
        await server.StartSessionAsync("two", "How does order 1077 stand?");
        Assert.NotEqual(before, (await server.Http.GetAsync(new Uri("api/sessions", UriKind.Relative))).Headers.ETag);
    }

    [GeneratedRegex("(?:href|src)=\"(console/[^\"]+)\"")]
    private static partial Regex Reference();

    /// <summary>Addresses of other hosts, but for the name of SVG's namespace.</summary>
    [GeneratedRegex("""(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z0-9.-]+\.[a-z]{2,}""")]
    private static partial Regex Elsewhere();
}
