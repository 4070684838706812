using AgentWorkflows.AspNetCore.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Http;

/// <summary>Every address of the API at its function, and no other address, by the rules of the platform and of the worker.</summary>
public sealed class HttpFunctionsTests
{
    private const string Api = "Api";
    private const string Console = "Console";

    /// <summary>Of every route; of what no route takes; and of what is the app's own.</summary>
    public static TheoryData<string, string, string?> Requests()
    {
        var requests = new TheoryData<string, string, string?>
        {
            { "GET", "/api/nothing", Api },
            { "PUT", "/api/sessions", Api },
            { "DELETE", "/api/sessions/x-1", Api },
            { "HEAD", "/health/live", Api },
            { "OPTIONS", "/execute", Api },
            { "GET", "/API/agents", Api },
            { "POST", "/", Console },
            { "GET", "/nothing/at/all", null },
            { "GET", "/apis", null },
            { "GET", "/my-api/sessions", null },
        };
        foreach (var route in ApiRoutes.All)
        {
            requests.Add(route.Method, HttpFunctions.AddressOf(route.Pattern), route.Pattern.Length > 0 ? Api : Console);
        }
        return requests;
    }

    [Fact]
    public void Each_takes_every_method_so_that_a_wrong_one_is_answered_as_everywhere() => Assert.All(HttpFunctions.All, function =>
        Assert.Equal("DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT", string.Join(',', function.Methods.Order(StringComparer.Ordinal))));

    /// <summary>The API has keys of its own; and the platform refuses to map what begins like its own addresses.</summary>
    [Fact]
    public void No_function_asks_for_a_platform_key_or_has_a_reserved_address() => Assert.All(HttpFunctions.All, function =>
    {
        Assert.Equal(AuthorizationLevel.Anonymous, function.Level);
        Assert.False(function.Route.StartsWith("admin", StringComparison.OrdinalIgnoreCase), function.Route);
        Assert.False(function.Route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase), function.Route);
    });

    /// <summary>The platform sorts functions by name and takes the first whose template and methods match.</summary>
    [Theory]
    [MemberData(nameof(Requests))]
    public async Task The_platform_gives_a_request_to_its_own_function(string method, string path, string? expected)
    {
        using var services = new ServiceCollection().AddRouting().AddLogging().BuildServiceProvider();
        var routes = new RouteCollection();
        foreach (var function in HttpFunctions.All.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
        {
            routes.Add(new Route(
                new RouteHandler(_ => Task.CompletedTask), function.Name, function.Route, [],
                new Dictionary<string, object> { ["httpMethod"] = new HttpMethodRouteConstraint([.. function.Methods]) },
                new RouteValueDictionary { ["function"] = function.Name },
                services.GetRequiredService<IInlineConstraintResolver>()));
        }
        var context = new RouteContext(Request(services, method, path));

        await routes.RouteAsync(context);

        Assert.Equal(expected, context.RouteData.DataTokens.GetValueOrDefault("function"));
    }

    /// <summary>The worker maps the same functions once more, as endpoints; two that are equally good would be an error for every request.</summary>
    [Theory]
    [MemberData(nameof(Requests))]
    public async Task The_worker_finds_one_endpoint_for_it(string method, string path, string? expected)
    {
        using var services = new ServiceCollection().AddRouting().AddLogging().AddSingleton(new System.Diagnostics.DiagnosticListener("test")).BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        app.UseRouting();
        app.UseEndpoints(endpoints => endpoints.DataSources.Add(new DefaultEndpointDataSource(HttpFunctions.All.Select(function =>
        {
            var endpoint = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse("/" + function.Route), 0) { DisplayName = function.Name };
            endpoint.Metadata.Add(new HttpMethodMetadata(function.Methods));
            return endpoint.Build();
        }))));
        var context = Request(services, method, path);

        await app.Build()(context);

        Assert.Equal(expected, context.GetEndpoint()?.DisplayName);
    }

    private static DefaultHttpContext Request(IServiceProvider services, string method, string path)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = method;
        context.Request.Path = path;
        return context;
    }
}
