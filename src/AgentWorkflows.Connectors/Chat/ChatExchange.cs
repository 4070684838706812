using System.Globalization;
using System.Text.Json;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>
/// What one request brought back over the wire, whatever the client library makes of it: libraries throw away valid plans for a member they do not know, and say
/// little of errors. Filled by <see cref="ChatExchangeHandler"/>; used by one call, one after the other.
/// </summary>
internal sealed class ChatExchange
{
    private static readonly AsyncLocal<ChatExchange?> Running = new();

    /// <summary>The exchange of the call that is under way on this flow of control.</summary>
    public static ChatExchange? Current => Running.Value;

    /// <summary>Of the response; <c>null</c> before there is one.</summary>
    public int? Status { get; private set; }

    public string? RequestId { get; private set; }

    /// <summary>What the provider asks to wait.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>Where a redirect points.</summary>
    public Uri? Location { get; private set; }

    /// <summary>The whole body has arrived.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The body was larger than <see cref="ChatExchangeHandler.MaxBytes"/>.</summary>
    public bool IsTooLarge { get; private set; }

    public ProviderError? Error { get; private set; }

    public ChatAnswer? Answer { get; private set; }

    /// <summary>Starts a new one for the calls that are made from here on.</summary>
    public static ChatExchange Begin() => Running.Value = new ChatExchange();

    public void Began(HttpResponseMessage response, DateTimeOffset now)
    {
        Status = (int)response.StatusCode;
        RequestId = Header(response, "x-request-id") ?? Header(response, "apim-request-id") ?? Header(response, "request-id");
        RetryAfter = RetryAfterHeader.Read(name => Header(response, name), now);
        Location = response.Headers.Location is { } to && response.RequestMessage?.RequestUri is { } from ? new Uri(from, to) : null;
    }

    public void TooLarge() => IsTooLarge = true;

    public void Arrived(ReadOnlyMemory<byte> body, ModelProvider provider)
    {
        IsWhole = true;
        if (Parse(body) is not { } json)
        {
            return;
        }
        Answer = Status is >= 200 and < 300 ? WireAnswer.Read(json, provider) : null;
        // An answer counts even where an error stands beside it; without one, the error is what happened.
        Error = Answer is null ? ProviderError.Read(json) : null;
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(body));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // No JSON: the status says what can be said.
            return null;
        }
    }

    /// <summary>Some servers put a byte order mark before the body.</summary>
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> body) => body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}

/// <summary>How long a provider asks to wait. Pure.</summary>
internal static class RetryAfterHeader
{
    /// <summary>Milliseconds where the provider gives them, else seconds, else a date, from the answer's own clock where it has one.</summary>
    /// <returns><c>null</c>: nothing, nonsense, or more than a day.</returns>
    public static TimeSpan? Read(Func<string, string?> header, DateTimeOffset now)
    {
        if ((Number(header("retry-after-ms")) ?? Number(header("x-ms-retry-after-ms"))) is { } milliseconds && IsWait(milliseconds / 1000))
        {
            return TimeSpan.FromMilliseconds(Math.Ceiling(milliseconds));
        }
        var text = header("retry-after");
        if (Number(text) is { } seconds)
        {
            return IsWait(seconds) ? TimeSpan.FromSeconds(seconds) : null;
        }
        return Date(text) is { } until && until - (Date(header("date")) ?? now) is var wait && wait > TimeSpan.Zero && IsWait(wait.TotalSeconds) ? wait : null;
    }

    private static bool IsWait(double seconds) => seconds is >= 0 and <= 86_400;

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
