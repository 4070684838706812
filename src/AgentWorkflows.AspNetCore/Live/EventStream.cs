using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Live;

/// <summary>Writes server-sent events.</summary>
internal sealed class EventStream(HttpResponse response)
{
    public static async Task<EventStream> OpenAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers["X-Accel-Buffering"] = "no";
        var stream = new EventStream(response);
        await stream.KeepAliveAsync(cancellationToken);
        return stream;
    }

    /// <param name="data">Written as JSON on one line.</param>
    public async Task SendAsync<T>(string name, T data, CancellationToken cancellationToken)
    {
        await response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, ApiJson.Options)}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>A comment, so that proxies do not take silence for death and a gone client is noticed.</summary>
    public async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        await response.WriteAsync(": alive\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
