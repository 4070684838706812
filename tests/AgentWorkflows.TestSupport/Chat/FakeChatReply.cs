using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.TestSupport.Chat;

/// <summary>One answer on the wire.</summary>
public sealed record FakeChatReply(int Status, string Body)
{
    public const string RequestId = "req-fake-1";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Before the first byte.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Sends only so many characters of the body, announces all, and breaks the connection.</summary>
    public int? CutAfter { get; init; }

    /// <summary>The body goes on with filler until the client has had enough.</summary>
    public bool Endless { get; init; }

    public static FakeChatReply Plan(Plan plan, ChatUsage? usage = null) => Text(JsonSerializer.Serialize(plan, DurableJson.Options), usage);

    public static FakeChatReply Text(string? text, ChatUsage? usage = null, string finishReason = "stop", string? refusal = null)
    {
        var used = usage ?? new ChatUsage(1000, 0, 100);
        return new FakeChatReply(200, JsonSerializer.Serialize(new
        {
            id = "chatcmpl-1",
            @object = "chat.completion",
            created = 1_760_000_000,
            model = "gpt-4.1-mini-2025-04-14",
            choices = new[]
            {
                new { index = 0, message = new { role = "assistant", content = text, refusal }, finish_reason = finishReason },
            },
            usage = new
            {
                prompt_tokens = used.InputTokens,
                completion_tokens = used.OutputTokens,
                total_tokens = used.Total,
                prompt_tokens_details = new { cached_tokens = used.CachedInputTokens },
            },
        }));
    }

    public static FakeChatReply Error(int status, string? code = null, string message = "secret prompt text", string? retryAfter = null) =>
        new(status, JsonSerializer.Serialize(new { error = new { message, type = "error", code } }))
        {
            Headers = retryAfter is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Retry-After"] = retryAfter },
        };

    internal async Task WriteAsync(HttpContext context)
    {
        if (Delay > TimeSpan.Zero)
        {
            await Task.Delay(Delay, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        context.Response.Headers["x-request-id"] = RequestId;
        foreach (var (name, value) in Headers)
        {
            context.Response.Headers[name] = value;
        }
        if (CutAfter is { } characters)
        {
            context.Response.ContentLength = Body.Length;
            await context.Response.WriteAsync(Body[..characters]);
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }
        await context.Response.WriteAsync(Body);
        var filler = new byte[64 * 1024];
        filler.AsSpan().Fill((byte)'x');
        while (Endless && !context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(filler, CancellationToken.None);
        }
    }
}
