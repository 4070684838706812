using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;

namespace AgentWorkflows.Server.Hosting;

/// <summary>Kestrel with the API on it.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LiveFeed? _feed;

    private ApiServer(WebApplication app, LiveFeed? feed)
    {
        _app = app;
        _feed = feed;
    }

    /// <summary>The addresses it listens on, with the ports it was given.</summary>
    public IReadOnlyCollection<string> Urls => [.. _app.Urls];

    /// <exception cref="StartupException">The addresses are not allowed, or taken.</exception>
    public static async Task<ApiServer> StartAsync(ServerOptions options, IServiceProvider services, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (Binding.Check(options.Urls, options.ApiKeys.Count > 0) is { } problem)
        {
            throw new StartupException(problem);
        }
        var app = Build(options, loggers);
        Map(app, services, new ApiPipeline(new ApiKeyRing(options.ApiKeys), loggers.CreateLogger<ApiPipeline>()));
        foreach (var url in Binding.Split(options.Urls))
        {
            app.Urls.Add(url);
        }
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            await app.DisposeAsync();
            throw new StartupException($"Cannot listen on {options.Urls}: {exception.Message}", exception);
        }
        // A port of 0 was given only now.
        if (options.PublicUrl is null && services.GetService<ApprovalLinkOptions>() is { } links)
        {
            links.PublicUrl = Binding.PublicUrlOf(app.Urls.First());
        }
        return new ApiServer(app, services.GetService<LiveFeed>());
    }

    /// <summary>Takes no new requests and waits for those that run, at most the drain timeout.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _feed?.Close();
        return _app.StopAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(ServerOptions options, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // More than the API takes, chunk framing counted, so that it is the API that refuses.
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes * 2;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.MaxConcurrentConnections = 1000;
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        builder.Services.AddSingleton(loggers);
        return builder.Build();
    }

    private static void Map(WebApplication app, IServiceProvider services, ApiPipeline pipeline)
    {
        // Handlers find what the product is composed of; the web host's own services stay with the web host.
        app.Use((context, next) =>
        {
            context.RequestServices = services;
            return next(context);
        });
        app.UseRouting();
        app.Use(async (context, next) =>
        {
            // No endpoint, or the one that routing makes for a known address with another method.
            switch (context.GetEndpoint())
            {
                case null:
                    await pipeline.RefuseAsync(context, StatusCodes.Status404NotFound);
                    break;
                case { DisplayName: { } name } endpoint when name.StartsWith("405", StringComparison.Ordinal):
                    await endpoint.RequestDelegate!(context);
                    await pipeline.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed);
                    break;
                default:
                    await next(context);
                    break;
            }
        });
        foreach (var route in ApiRoutes.All)
        {
            app.MapMethods(route.Pattern, [route.Method], (RequestDelegate)(context => pipeline.InvokeAsync(route, context))).WithName(route.Name);
        }
        app.UseEndpoints(_ => { });
    }
}
