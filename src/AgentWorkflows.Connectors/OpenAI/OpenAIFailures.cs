using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Models;
using Azure.Identity;

namespace AgentWorkflows.Connectors.OpenAI;

/// <summary>What went wrong, by what it is. The provider's own message is not passed on: it may quote the prompt. The request id finds it in the provider's logs.</summary>
internal static class OpenAIFailures
{
    private const int MaxErrorBytes = 64 * 1024;

    /// <returns><c>null</c> for what is no failure of a model: the caller's cancellation, or a bug.</returns>
    public static ChatResult.Failed? Read(Exception exception, ChatRequest request, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        ClientResultException { Status: 0, InnerException: { } inner } => Read(inner, request, cancellationToken),
        ClientResultException { Status: 0 } => Unreachable,
        ClientResultException refused => OfStatus(refused, request),
        AuthenticationFailedException => new ChatResult.Failed(ChatFailureKind.Unauthorized, "No Entra token could be had for the model's endpoint.", Billed: false),
        OperationCanceledException or TimeoutException => new ChatResult.Failed(ChatFailureKind.Timeout, "The model did not answer in time.", Billed: true),
        HttpRequestException { HttpRequestError: not (HttpRequestError.ResponseEnded or HttpRequestError.Unknown) } => Unreachable,
        HttpRequestException or IOException => new ChatResult.Failed(ChatFailureKind.CutOff, "The connection broke before the answer was whole.", Billed: true),
        JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException or ClientResultException => new ChatResult.Failed(
            ChatFailureKind.InvalidResponse, "The model's endpoint answered with something that is not a chat completion.", Billed: true),
        AggregateException several => Read(several.InnerExceptions[^1], request, cancellationToken),
        _ => null,
    };

    public static string? RequestIdOf(PipelineResponse? response) => Header(response, "x-request-id") ?? Header(response, "apim-request-id");

    private static ChatResult.Failed Unreachable => new(ChatFailureKind.Unavailable, "The model's endpoint could not be reached.", Billed: false);

    private static ChatResult.Failed OfStatus(ClientResultException exception, ChatRequest request)
    {
        var response = exception.GetRawResponse();
        var (code, parameter) = ErrorOf(response);
        var (kind, message) = exception.Status switch
        {
            401 or 403 => (ChatFailureKind.Unauthorized, "The provider refused the key or token."),
            404 => (ChatFailureKind.UnknownDeployment, "The provider knows no such deployment or model."),
            408 => (ChatFailureKind.Timeout, "The provider timed out."),
            429 when code == "insufficient_quota" => (ChatFailureKind.QuotaExhausted, "The provider's account has no quota left."),
            429 => (ChatFailureKind.RateLimited, "The provider's rate limit is reached."),
            400 when code == "content_filter" => (ChatFailureKind.ContentFilter, "The provider's content filter refused the prompt."),
            400 when code is "context_length_exceeded" or "string_above_max_length" =>
                (ChatFailureKind.ContextLength, "The conversation is longer than the model's context."),
            >= 500 => (ChatFailureKind.Unavailable, $"The provider answered {exception.Status}."),
            >= 200 and < 300 => (ChatFailureKind.InvalidResponse, "The model's endpoint answered with something that is not a chat completion."),
            400 or 422 when parameter is not null && RefusedParameter.Advice(parameter, request) is { } advice => (ChatFailureKind.InvalidRequest, advice),
            _ when parameter is not null => (ChatFailureKind.InvalidRequest, $"The provider refused the request's '{parameter}' with {exception.Status}."),
            _ => (ChatFailureKind.InvalidRequest, $"The provider refused the request with {exception.Status}."),
        };
        return new ChatResult.Failed(kind, message, Billed: kind == ChatFailureKind.InvalidResponse)
        {
            RetryAfter = RetryAfterOf(response),
            RequestId = RequestIdOf(response),
        };
    }

    /// <summary>The provider's own code, and the request's member it complains of.</summary>
    private static (string? Code, string? Parameter) ErrorOf(PipelineResponse? response)
    {
        try
        {
            if (response is null || response.Content.ToMemory().Length > MaxErrorBytes)
            {
                return default;
            }
            using var body = JsonDocument.Parse(response.Content.ToMemory());
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                ? (Text(error, "code"), Text(error, "param") is { Length: > 0 and <= 64 } parameter ? parameter : RefusedParameter.In(Text(error, "message")))
                : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Milliseconds where the provider gives them, else seconds, else a date.</summary>
    private static TimeSpan? RetryAfterOf(PipelineResponse? response)
    {
        if (double.TryParse(Header(response, "retry-after-ms"), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && IsWait(milliseconds / 1000))
        {
            return TimeSpan.FromMilliseconds(Math.Ceiling(milliseconds));
        }
        var text = Header(response, "retry-after");
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return IsWait(seconds) ? TimeSpan.FromSeconds(seconds) : null;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            && DateTimeOffset.TryParse(Header(response, "date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var now)
            && until > now
            ? until - now
            : null;
    }

    private static bool IsWait(double seconds) => seconds is >= 0 and <= 86_400;

    private static string? Header(PipelineResponse? response, string name) =>
        response is not null && response.Headers.TryGetValue(name, out var value) ? value : null;
}
