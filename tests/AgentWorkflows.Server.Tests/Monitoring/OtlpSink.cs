using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Server.Tests.Monitoring;

internal sealed record SentSpan(string Trace, string Span, string Parent, string Name);

/// <summary>A collector as OTLP describes it, over HTTP or gRPC: takes what is exported and reads of it what tests ask for.</summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpSink(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public ConcurrentQueue<SentSpan> Spans { get; } = new();

    /// <summary>The names of the metrics.</summary>
    public ConcurrentDictionary<string, byte> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>Everything that was sent, for what must not be in it.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <param name="grpc">Speak gRPC, over HTTP/2 without TLS; else HTTP.</param>
    public static async Task<OtlpSink> StartAsync(bool grpc)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
            endpoint.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var sink = new OtlpSink(app);
        app.MapPost("/v1/traces", context => sink.TakeAsync(context, traces: true, grpc: false));
        app.MapPost("/v1/metrics", context => sink.TakeAsync(context, traces: false, grpc: false));
        app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => sink.TakeAsync(context, traces: true, grpc: true));
        app.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context => sink.TakeAsync(context, traces: false, grpc: true));
        await app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context, bool traces, bool grpc)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        // A gRPC message has five bytes before it: whether it is compressed, and its length.
        var message = grpc ? body.ToArray()[5..] : body.ToArray();
        Bodies.Enqueue(Encoding.Latin1.GetString(message));
        foreach (var item in Fields(message, 1).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2)))
        {
            if (traces)
            {
                Spans.Enqueue(new SentSpan(Hex(item, 1), Hex(item, 2), Hex(item, 4), Text(item, 5)));
            }
            else
            {
                Metrics.TryAdd(Text(item, 1), 0);
            }
        }
        if (grpc)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    private static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault() ?? []);

    /// <summary>The length-delimited fields of a protobuf message that have a number.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if ((int)(key >> 3) == number)
                    {
                        yield return message[at..(at + length)];
                    }
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {key & 7}.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
