using System.Globalization;
using System.Text.Json;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>
/// Reads what a model said from a provider's body, tolerantly: members that are missing, of another type or of an unknown value cost their own meaning and nothing else.
/// Pure.
/// </summary>
internal static class WireAnswer
{
    /// <returns><c>null</c> when the body holds no answer.</returns>
    public static ChatAnswer? Read(JsonElement body, ModelProvider provider) => body.ValueKind != JsonValueKind.Object ? null : provider switch
    {
        ModelProvider.Anthropic => ReadMessage(body),
        ModelProvider.Ollama => ReadOllama(body),
        _ => ReadCompletion(body),
    };

    private static ChatAnswer? ReadCompletion(JsonElement body)
    {
        if (Member(body, "choices") is not { ValueKind: JsonValueKind.Array } choices || choices.GetArrayLength() == 0 || choices[0] is not { ValueKind: JsonValueKind.Object } choice)
        {
            return null;
        }
        var message = Member(choice, "message");
        // A server of the older completions has its text here.
        var text = Said(message is { } said ? Member(said, "content") : Member(choice, "text"));
        var refusal = message is { } own ? Text(Member(own, "refusal")) : null;
        var callsTools = message is { } calling && (IsFilled(Member(calling, "tool_calls")) || Member(calling, "function_call") is { ValueKind: JsonValueKind.Object });
        var reason = Text(Member(choice, "finish_reason"));
        if (message is null && text is null)
        {
            return null;
        }
        if (Member(choice, "error") is { ValueKind: JsonValueKind.Object } && string.IsNullOrEmpty(text))
        {
            reason = "error";
        }
        return new ChatAnswer(text ?? "")
        {
            Stop = ChatStops.Of(reason),
            StopReason = reason,
            Refusal = refusal is { Length: > 0 } ? refusal : null,
            CallsTools = callsTools,
            Count = Member(body, "usage") is { ValueKind: JsonValueKind.Object } usage ? CompletionCount(usage) : default,
            Model = Text(Member(body, "model")) ?? "",
        };
    }

    private static ChatCount CompletionCount(JsonElement usage) => new(
        Count(usage, "prompt_tokens") ?? Count(usage, "input_tokens"),
        Inner(usage, "prompt_tokens_details", "cached_tokens") ?? Inner(usage, "input_tokens_details", "cached_tokens") ?? Count(usage, "prompt_cache_hit_tokens"),
        Count(usage, "completion_tokens") ?? Count(usage, "output_tokens"))
    {
        Reasoning = Inner(usage, "completion_tokens_details", "reasoning_tokens") ?? Inner(usage, "output_tokens_details", "reasoning_tokens"),
    };

    private static ChatAnswer? ReadMessage(JsonElement body)
    {
        if (Member(body, "content") is not { ValueKind: JsonValueKind.Array } content)
        {
            return null;
        }
        var blocks = content.EnumerateArray().Where(block => block.ValueKind == JsonValueKind.Object).ToList();
        var reason = Text(Member(body, "stop_reason"));
        var usage = Member(body, "usage") is { ValueKind: JsonValueKind.Object } given ? given : (JsonElement?)null;
        return new ChatAnswer(string.Concat(blocks.Where(block => Text(Member(block, "type")) == "text").Select(block => Text(Member(block, "text")))))
        {
            Stop = ChatStops.Of(reason),
            StopReason = reason,
            CallsTools = blocks.Exists(block => Text(Member(block, "type")) == "tool_use"),
            // What was read from and written to the cache is counted apart here, and is input all the same.
            Count = usage is { } counted && Count(counted, "input_tokens") is { } input
                ? new ChatCount(
                    Sum(input, Count(counted, "cache_read_input_tokens"), Count(counted, "cache_creation_input_tokens")),
                    Count(counted, "cache_read_input_tokens"),
                    Count(counted, "output_tokens"))
                : default,
            Model = Text(Member(body, "model")) ?? "",
        };
    }

    private static ChatAnswer? ReadOllama(JsonElement body)
    {
        if (Member(body, "message") is not { ValueKind: JsonValueKind.Object } message || Member(body, "done") is not { ValueKind: JsonValueKind.True })
        {
            return null;
        }
        var reason = Text(Member(body, "done_reason"));
        return new ChatAnswer(Said(Member(message, "content")) ?? "")
        {
            Stop = ChatStops.Of(reason),
            StopReason = reason,
            CallsTools = IsFilled(Member(message, "tool_calls")),
            Count = new ChatCount(Count(body, "prompt_eval_count"), null, Count(body, "eval_count")),
            Model = Text(Member(body, "model")) ?? "",
        };
    }

    /// <summary>A text, or the texts of a list of parts; an object is taken for JSON that was not put into a string.</summary>
    private static string? Said(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part =>
            part.ValueKind == JsonValueKind.String ? part.GetString() : part.ValueKind == JsonValueKind.Object ? Text(Member(part, "text")) : null)),
        { ValueKind: JsonValueKind.Object } json => json.GetRawText(),
        _ => null,
    };

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement? element) => element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static bool IsFilled(JsonElement? element) => element is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0;

    private static long? Inner(JsonElement element, string outer, string name) => Member(element, outer) is { } inner ? Count(inner, name) : null;

    /// <summary>A whole number of zero or more, however it is written: <c>12</c>, <c>12.0</c>, <c>"12"</c>.</summary>
    private static long? Count(JsonElement element, string name)
    {
        var text = Member(element, name) switch
        {
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            { ValueKind: JsonValueKind.String } written => written.GetString(),
            _ => null,
        };
        // More than any computer counts is no count either.
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && count >= 0 && count <= long.MaxValue / 4 && count == decimal.Truncate(count)
            ? (long)count
            : null;
    }

    private static long Sum(long input, long? read, long? written) => input + (read ?? 0) + (written ?? 0);
}
