using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.DurableHost.Tests.Apps;

/// <summary>
/// Where approvals are announced. While it is held it takes messages and does not answer, so that whoever sends one is in the middle of
/// it. Thread-safe.
/// </summary>
internal sealed class Webhook : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Notice> _notices = new();
    private volatile TaskCompletionSource _answers = Open();

    private Webhook(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    /// <summary>Every message, also one that was sent before.</summary>
    public IReadOnlyList<Notice> Notices => [.. _notices];

    public static async Task<Webhook> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var webhook = new Webhook(builder.Build());
        webhook._app.MapPost("/", webhook.TakeAsync);
        await webhook._app.StartAsync();
        webhook.Url = webhook._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return webhook;
    }

    public void Hold() => _answers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _answers.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _app.DisposeAsync();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = await JsonDocument.ParseAsync(request.Body);
        var root = body.RootElement;
        _notices.Enqueue(new Notice(
            request.Headers["webhook-id"].ToString(),
            root.GetProperty("approval").GetProperty("sessionId").GetString()!,
            root.GetProperty("link").GetString(),
            root.GetProperty("code").GetString()));
        await _answers.Task;
        return Results.Accepted();
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}

/// <param name="Id">The same for every attempt of one message.</param>
internal sealed record Notice(string Id, string SessionId, string? Link, string? Code);
