using AgentWorkflows.AspNetCore.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.AspNetCore;

/// <summary>The API, the approval pages, the console and <c>/openapi/v1.json</c> as endpoints.</summary>
public static class ApiEndpoints
{
    /// <summary>Folders of addresses that are ours: what is nowhere in them is answered as the API answers.</summary>
    private static readonly string[] Folders = ["api", "approve", "console", "health", "openapi"];

    /// <summary>
    /// Maps everything. Callers prove who they are with API keys; without any configured, only this machine is answered. Other addresses stay the program's own.
    /// </summary>
    /// <exception cref="InvalidOperationException">The services are missing.</exception>
    public static IEndpointRouteBuilder MapAgentWorkflows(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (!endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(ApiPipeline)))
        {
            throw new InvalidOperationException("There is no API to map. Call builder.Services.AddAgentWorkflows(builder.Configuration).UseEmbeddedEngine(\".data\") first.");
        }
        var pipeline = Pipeline(endpoints);
        foreach (var route in ApiRoutes.All)
        {
            endpoints.MapMethods(route.Pattern, Methods(route), (RequestDelegate)(context => pipeline.Value.InvokeAsync(route, context)))
                .WithName($"AgentWorkflows.{route.Name}");
        }
        // After those with a method, so that a known address with another one is told which it takes.
        foreach (var routes in ApiRoutes.All.GroupBy(route => route.Pattern))
        {
            var allowed = string.Join(", ", routes.SelectMany(Methods));
            endpoints.Map(routes.Key, (RequestDelegate)(context =>
            {
                context.Response.Headers.Allow = allowed;
                return pipeline.Value.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed);
            })).WithOrder(1);
        }
        foreach (var folder in Folders)
        {
            endpoints.Map($"{folder}/{{**rest}}", (RequestDelegate)(context => pipeline.Value.RefuseAsync(context, StatusCodes.Status404NotFound))).WithOrder(2);
        }
        return endpoints;
    }

    /// <summary>For a program that has no addresses but these: everything else is answered as the API answers, too.</summary>
    public static IEndpointRouteBuilder RefuseOtherAddresses(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var pipeline = Pipeline(endpoints);
        endpoints.Map("{**rest}", (RequestDelegate)(context => pipeline.Value.RefuseAsync(context, StatusCodes.Status404NotFound))).WithOrder(int.MaxValue);
        return endpoints;
    }

    /// <summary>Load balancers ask for the health with HEAD, too.</summary>
    private static string[] Methods(ApiRoute route) => route.Pattern.StartsWith("health/", StringComparison.Ordinal) ? [route.Method, "HEAD"] : [route.Method];

    /// <summary>Made for the first request: what is wrong with the settings that it reads is told at start, with everything else.</summary>
    private static Lazy<ApiPipeline> Pipeline(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        return new Lazy<ApiPipeline>(services.GetRequiredService<ApiPipeline>);
    }
}
