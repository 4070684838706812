using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.TestSupport.Chat;

/// <summary>
/// A chat-completions endpoint on the wire: a real server on a free port that answers as its script says. It keeps every request with the time of its arrival,
/// so that a test can say what was sent and that nothing came too early.
/// </summary>
public sealed class FakeChatEndpoint : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly List<FakeChatCall> _calls = [];

    private FakeChatEndpoint(Func<FakeChatCall, FakeChatReply> script, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        _server = builder.Build();
        _server.Run(context => AnswerAsync(context, script));
    }

    /// <summary>The base address for a client: <c>http://127.0.0.1:PORT/v1/</c>.</summary>
    public Uri BaseAddress => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1/");

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<FakeChatCall> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public static async Task<FakeChatEndpoint> StartAsync(Func<FakeChatCall, FakeChatReply> script, int port = 0)
    {
        var endpoint = new FakeChatEndpoint(script, port);
        await endpoint._server.StartAsync();
        return endpoint;
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, Func<FakeChatCall, FakeChatReply> script)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        FakeChatCall call;
        FakeChatReply reply;
        lock (_calls)
        {
            // Under the lock, so that a script may count.
            call = new FakeChatCall(
                _calls.Count + 1, DateTimeOffset.UtcNow, context.Request.Path, body.RootElement.Clone(),
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            _calls.Add(call);
            reply = script(call);
        }
        await reply.WriteAsync(context);
    }
}

/// <param name="Number">From 1, over all requests of the endpoint.</param>
public sealed record FakeChatCall(int Number, DateTimeOffset At, string Path, JsonElement Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Model => Body.GetProperty("model").GetString()!;

    /// <summary>The texts of all messages, in order.</summary>
    public IReadOnlyList<string> Messages => [.. Body.GetProperty("messages").EnumerateArray().Select(message => TextOf(message.GetProperty("content")))];

    private static string TextOf(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()!
        : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
}
