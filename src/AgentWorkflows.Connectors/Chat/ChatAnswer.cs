using AgentWorkflows.Models;
using Microsoft.Extensions.AI;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>Why a model stopped, as far as it matters.</summary>
internal enum ChatStop
{
    /// <summary>Done; also where the endpoint gives no reason, or one that nobody knows: the text says whether it is whole.</summary>
    Done,
    Length,
    ContentFilter,
    ToolCalls,

    /// <summary>The endpoint says that it failed on the way.</summary>
    Error,
}

/// <summary>What a model said, whichever protocol it came by.</summary>
internal sealed record ChatAnswer(string Text)
{
    public ChatStop Stop { get; init; }

    /// <summary>As the endpoint wrote it.</summary>
    public string? StopReason { get; init; }

    public string? Refusal { get; init; }

    /// <summary>It called tools of the protocol, where it was to answer with text.</summary>
    public bool CallsTools { get; init; }

    public ChatCount Count { get; init; }

    public string Model { get; init; } = "";

    /// <summary>What a client made of the wire that this adapter did not see itself.</summary>
    public static ChatAnswer Of(ChatResponse response)
    {
        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        return new ChatAnswer(response.Text)
        {
            Stop = ChatStops.Of(response.FinishReason?.Value),
            StopReason = response.FinishReason?.Value,
            Refusal = contents.OfType<ErrorContent>().FirstOrDefault()?.Message,
            CallsTools = contents.Exists(content => content is FunctionCallContent),
            Count = response.Usage is { } usage
                ? new ChatCount(ChatCount.Known(usage.InputTokenCount), ChatCount.Known(usage.CachedInputTokenCount), ChatCount.Known(usage.OutputTokenCount))
                {
                    Reasoning = ChatCount.Known(usage.ReasoningTokenCount),
                }
                : default,
            Model = response.ModelId ?? "",
        };
    }
}

/// <summary>The tokens that an endpoint says it counted; <c>null</c> for what it does not say, or says as no count.</summary>
internal readonly record struct ChatCount(long? Input, long? Cached, long? Output)
{
    /// <summary>Part of <see cref="Output"/>.</summary>
    public long? Reasoning { get; init; }

    public static long? Known(long? count) => count is >= 0 ? count : null;

    /// <summary>For the ledger, which charges the reservation when the usage is not known whole.</summary>
    public ChatUsage ToUsage() => this is { Input: > 0 and var input, Output: { } output }
        ? new ChatUsage(Bounded(input), Bounded(Math.Min(Cached ?? 0, input)), Bounded(output))
        : ChatUsage.Unknown;

    private static int Bounded(long count) => (int)Math.Min(count, int.MaxValue);
}

/// <summary>The words that endpoints have for why a model stopped. Pure.</summary>
internal static class ChatStops
{
    public static ChatStop Of(string? reason) => reason?.ToLowerInvariant() switch
    {
        "length" or "max_tokens" or "max_output_tokens" or "max_completion_tokens" or "model_length" or "model_context_window_exceeded" => ChatStop.Length,
        "content_filter" or "content-filter" or "content_filtered" or "refusal" or "safety" or "recitation" or "blocklist" or "prohibited_content" or "guardrail_intervened" =>
            ChatStop.ContentFilter,
        "tool_calls" or "tool_use" or "function_call" => ChatStop.ToolCalls,
        "error" => ChatStop.Error,
        _ => ChatStop.Done,
    };

    /// <summary>As records and timelines have it.</summary>
    public static string Name(ChatStop stop, string? reason) => (stop, reason?.ToLowerInvariant()) switch
    {
        (ChatStop.Length, _) => ChatResult.Completed.CutOff,
        (ChatStop.ToolCalls, _) => "ToolCalls",
        (_, null or "" or "stop" or "end_turn" or "stop_sequence" or "eos") => "Stop",
        _ => reason!.Length <= 40 ? reason : reason[..40],
    };
}
