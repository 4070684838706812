using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Connectors.Http;

/// <summary>What is known of a call before its answer.</summary>
/// <param name="Tool">As people know it.</param>
/// <param name="Reads">It changes nothing by its method.</param>
/// <param name="RepeatSafe">A second one with the same idempotency key makes no second effect.</param>
internal sealed record CallTerms(string Tool, bool Reads, bool RepeatSafe);

/// <summary>An answer as a tool's result: what happened, whether it may have had an effect, whether it may be tried again. Pure.</summary>
internal static class HttpResults
{
    public const int MaxBytes = ResultCheck.MaxBytes;
    private const int MaxExcerpt = 600;

    /// <param name="secrets">Taken out of what the server says.</param>
    public static ToolResult Of(HttpAnswer answer, CallTerms terms, IReadOnlyCollection<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return answer switch
        {
            HttpAnswer.Answered answered when (int)answered.Status is >= 200 and < 400 => Done(answered, terms, secrets),
            HttpAnswer.Answered answered => Failed(answered, terms, secrets),
            HttpAnswer.Refused refused => ToolResult.Permanent($"'{terms.Tool}' was not called: {refused.Why}.", "Do not try it again; a person has to change the settings. Go on without it."),
            HttpAnswer.NotSent lost => NotSent(terms, lost.Why),
            HttpAnswer.Lost lost => InDoubt(terms, lost.Why + ".", null),
            _ => throw new InvalidOperationException($"Unknown answer {answer?.GetType().Name ?? "null"}."),
        };
    }

    private static ToolResult Done(HttpAnswer.Answered answer, CallTerms terms, IReadOnlyCollection<string> secrets)
    {
        var status = (int)answer.Status;
        if (answer.IsCut)
        {
            return terms.Reads
                ? ToolResult.Permanent($"'{terms.Tool}' answered more than {MaxBytes / 1024} KiB, which is more than can be read.", "Ask for less: narrow the filter or take a page.")
                : Note(status, $"It was done. The answer has more than {MaxBytes / 1024} KiB and was not read.");
        }
        if (answer.Body.Length == 0)
        {
            return Note(status, null);
        }
        var text = SecretMask.Apply(Text(answer), secrets);
        if (IsJson(answer.MediaType) || (answer.MediaType is null or "text/plain" && text.AsSpan().TrimStart() is ['{' or '[', ..]))
        {
            if (TryJson(text) is { } json)
            {
                return new ToolResult.Success(json);
            }
            if (IsJson(answer.MediaType))
            {
                return terms.Reads
                    ? ToolResult.Permanent($"'{terms.Tool}' answered {answer.MediaType} that is not valid JSON.", "Use another tool, or go on without it.")
                    : Note(status, "It was done. The answer is not valid JSON and is not shown.");
            }
        }
        return answer.MediaType is null || answer.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || answer.MediaType.EndsWith("xml", StringComparison.OrdinalIgnoreCase)
            ? new ToolResult.Success(JsonSerializer.SerializeToElement(new JsonObject { ["status"] = status, ["text"] = text }))
            : Note(status, $"The answer is {answer.MediaType} of {answer.Body.Length} bytes and is not shown.");
    }

    private static ToolResult Failed(HttpAnswer.Answered answer, CallTerms terms, IReadOnlyCollection<string> secrets)
    {
        var said = $"'{terms.Tool}': the server answered {(int)answer.Status}{Excerpt(answer, secrets)}";
        return (int)answer.Status switch
        {
            429 => new ToolResult.Failure(ToolFailureKind.RateLimited, said, "It is called too often. Wait, or go on without it.", RetrySafe: true) { RetryAfter = answer.RetryAfter },
            401 or 403 => ToolResult.Permanent(said, "The server does not allow this with the credentials that the host has. Do not try it again; go on without it."),
            404 or 410 => ToolResult.Permanent(said, "There is no such thing. Check the arguments with a tool that lists or searches."),
            408 or 425 or >= 500 => InDoubt(terms, said, answer.RetryAfter),
            _ => ToolResult.Permanent(said, "Correct the arguments as the answer says, or go on without it."),
        };
    }

    private static ToolResult.Failure NotSent(CallTerms terms, string why) =>
        new(ToolFailureKind.Transient, $"'{terms.Tool}' was not called: {why}.", "It may be tried again later; nothing was sent.", RetrySafe: true) { Effect = FailedEffect.None };

    private static ToolResult.Failure InDoubt(CallTerms terms, string said, TimeSpan? retryAfter) => new(
        ToolFailureKind.Transient, said,
        terms.Reads ? "It may be tried again."
            : terms.RepeatSafe ? "It may have taken effect. The same call with the same arguments is recognized and makes no second effect; with other arguments it is another one."
            : "It may have taken effect: check with a read tool before trying again.",
        RetrySafe: terms.Reads || terms.RepeatSafe)
    { RetryAfter = retryAfter };

    private static ToolResult.Success Note(int status, string? note)
    {
        var value = new JsonObject { ["status"] = status };
        if (note is not null)
        {
            value["note"] = note;
        }
        return new ToolResult.Success(JsonSerializer.SerializeToElement(value));
    }

    /// <summary>What the server says of the failure: the usual members of a JSON answer (RFC 9457 and its forerunners), else its text.</summary>
    private static string Excerpt(HttpAnswer.Answered answer, IReadOnlyCollection<string> secrets)
    {
        var text = SecretMask.Apply(Text(answer), secrets);
        var said = TryJson(text) is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json ? json.GetRawText()
            : answer.MediaType is "text/plain" or null ? text.Trim() : "";
        return said.Length == 0 ? "." : $": {(said.Length <= MaxExcerpt ? said : said[..MaxExcerpt] + "…")}";
    }

    private static bool IsJson(string? mediaType) =>
        mediaType is not null && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private static JsonElement? TryJson(string text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 128 }).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(HttpAnswer.Answered answer)
    {
        var encoding = answer.Charset?.Trim('"').ToUpperInvariant() switch
        {
            "ISO-8859-1" or "LATIN1" => Encoding.Latin1,
            "UTF-16" or "UTF-16LE" => Encoding.Unicode,
            "UTF-16BE" => Encoding.BigEndianUnicode,
            _ => Encoding.UTF8,
        };
        return encoding.GetString(answer.Body).TrimStart('\uFEFF');
    }
}
