using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>The pipeline on a real Kestrel, with routes of the tests' own.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private readonly List<WebApplication> _apps = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Handler_WhenItThrows_AnswersAProblemThatTellsNothing()
    {
        using var http = await StartAsync(_ => throw new InvalidOperationException("the password is swordfish"));

        var response = await http.GetAsync(new Uri("x", UriKind.Relative));

        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("internal_error", JsonElement.Parse(body).GetProperty("code").GetString());
        Assert.DoesNotContain("swordfish", body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory(Timeout = 30_000)]
    [InlineData("Host", "attacker.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("Host", "localhost.attacker.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("Origin", "https://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    public async Task WithoutKeys_PagesOfOthers_AreRefused(string header, string value, HttpStatusCode expected)
    {
        using var http = await StartAsync(_ => Task.FromResult(Results.Ok()));
        using var request = new HttpRequestMessage(HttpMethod.Get, "x");
        request.Headers.TryAddWithoutValidation(header, value);

        Assert.Equal(expected, (await http.SendAsync(request)).StatusCode);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData("starter", HttpStatusCode.Forbidden)]
    [InlineData("reader", HttpStatusCode.OK)]
    public async Task WithKeys_TheRoleDecides(string? key, HttpStatusCode expected)
    {
        using var http = await StartAsync(_ => Task.FromResult(Results.Ok()), Key("starter", ApiRoles.Start), Key("reader", ApiRoles.Read));
        http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);

        var response = await http.GetAsync(new Uri("x", UriKind.Relative));

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count == 1);
    }

    [Fact(Timeout = 30_000)]
    public async Task WithKeys_XApiKeyWorksToo()
    {
        using var http = await StartAsync(_ => Task.FromResult(Results.Ok()), Key("reader", ApiRoles.Read));
        http.DefaultRequestHeaders.Add("X-Api-Key", "reader");

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("x", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public void EveryApiRoute_NeedsARole()
    {
        // Probes, the console's files and the API's description say nothing of any session; the approval page asks for a signed link instead of a key.
        var open = ApiRoutes.All.Where(route => route.Pattern.Length == 0 || route.Pattern.Split('/')[0] is "health" or "console" or "openapi" or "approve");
        Assert.All(ApiRoutes.All.Except(open), route => Assert.NotEqual(ApiRoles.None, route.Roles));
        Assert.Equal(ApiRoutes.All.Count, ApiRoutes.All.Select(route => route.Name).Distinct().Count());
    }

    private static ApiKey Key(string key, ApiRoles roles) => new(key, SHA256.HashData(Encoding.UTF8.GetBytes(key)), roles, "u-1");

    private async Task<HttpClient> StartAsync(Func<HttpContext, Task<IResult>> handler, params ApiKey[] keys)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        _apps.Add(app);
        app.Urls.Add("http://127.0.0.1:0");
        var pipeline = new ApiPipeline(new ApiKeyRing(keys), NullLogger<ApiPipeline>.Instance);
        var route = new ApiRoute("X", "GET", "x", ApiRoles.Read, handler);
        app.MapGet(route.Pattern, (RequestDelegate)(context => pipeline.InvokeAsync(route, context)));
        await app.StartAsync();
        return new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }
}
