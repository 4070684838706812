using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Functions.Hosting;
using AgentWorkflows.Functions.Http;
using AgentWorkflows.Functions.Tests.Published;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Http;

public sealed class RouteTableTests
{
    private static readonly ApiKeyRing NoKeys = new([]);

    public static TheoryData<string, string> Routes()
    {
        var routes = new TheoryData<string, string>();
        foreach (var route in ApiRoutes.All)
        {
            routes.Add(route.Method, route.Pattern);
        }
        return routes;
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void Every_route_is_found_by_its_own_address(string method, string pattern)
    {
        var path = "/" + System.Text.RegularExpressions.Regex.Replace(pattern, "\\{[^}]*\\}", "x-1");

        var found = Table().Find(path).First(match => match.Route.Method == method);

        Assert.Equal(pattern, found.Route.Pattern);
        Assert.All(found.Values.Values, value => Assert.Equal("x-1", value));
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404, "")]
    [InlineData("DELETE", "/api/sessions/s-1", 405, "GET")]
    [InlineData("PUT", "/execute", 405, "POST")]
    public async Task What_no_route_takes_is_refused_with_a_problem(string method, string path, int status, string allow)
    {
        var context = Request(method, path);

        await Table().InvokeAsync(context);

        Assert.Equal((status, allow), (context.Response.StatusCode, context.Response.Headers.Allow.ToString()));
        Assert.Equal("application/problem+json", context.Response.ContentType?.Split(';')[0]);
    }

    [Fact]
    public async Task A_request_reaches_its_handler()
    {
        var context = Request("GET", "/health/live");

        await Table().InvokeAsync(context);

        context.Response.Body.Position = 0;
        Assert.Equal(200, context.Response.StatusCode);
        Assert.Contains("live", await new StreamReader(context.Response.Body).ReadToEndAsync(), StringComparison.Ordinal);
    }

    /// <summary>The functions are two: without it the telemetry would not tell their routes apart.</summary>
    [Fact]
    public async Task A_request_has_its_routes_name_on_its_span()
    {
        using var span = new System.Diagnostics.Activity("function Api").Start();

        await Table().InvokeAsync(Request("GET", "/health/live"));

        Assert.Equal("Live", span.GetTagItem("agentworkflows.route"));
    }

    [Fact]
    public async Task A_request_without_a_key_is_refused_where_keys_are_configured()
    {
        var context = Request("GET", "/api/sessions");
        var keys = new ApiKeyRing([new ApiKey("one", new byte[32], ApiRoles.Read, "u-1")]);

        await Table(keys).InvokeAsync(context);

        Assert.Equal(401, context.Response.StatusCode);
    }

    private static RouteTable Table(ApiKeyRing? keys = null) => new(
        new ApiPipeline(keys ?? NoKeys, NullLogger<ApiPipeline>.Instance),
        new TablesFirst(StorageTables.Of(new TableServiceClient(PublishedWorker.NoStorage), "none"), NullLogger<TablesFirst>.Instance));

    private static DefaultHttpContext Request(string method, string path)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        context.Request.Method = method;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("localhost");
        context.Request.Path = path;
        context.Response.Body = new MemoryStream();
        return context;
    }
}
