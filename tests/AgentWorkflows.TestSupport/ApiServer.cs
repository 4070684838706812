using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.TestSupport;

/// <summary>A request as it came.</summary>
public sealed record ApiRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Somebody's HTTP API, on a free port of this machine: keeps what it is asked and answers as a test says.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ApiRequest> _requests = new();

    private ApiServer(WebApplication app) => _app = app;

    public IReadOnlyList<ApiRequest> Requests => [.. _requests];

    /// <summary>Without a slash at the end.</summary>
    public string Address => _app.Urls.Single().TrimEnd('/');

    public int Port => new Uri(Address).Port;

    public static async Task<ApiServer> StartAsync(Func<ApiRequest, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new ApiServer(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            // As it was written, before the server unfolds dots and escapes.
            var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            var request = new ApiRequest(context.Request.Method, target.Split('?')[0], context.Request.QueryString.Value ?? "", headers, body);
            server._requests.Enqueue(request);
            await answer(request, context);
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>Answers JSON to everything.</summary>
    public static Task<ApiServer> StartAsync(string json) => StartAsync((_, context) => JsonAsync(context, json));

    public static async Task JsonAsync(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
