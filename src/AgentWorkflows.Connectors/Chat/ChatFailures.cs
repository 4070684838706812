using System.ClientModel;
using System.Text.Json;
using AgentWorkflows.Models;
using Anthropic.Exceptions;
using Azure.Identity;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>What went wrong with a call, by what it is. A provider's own message is not passed on: it may quote the prompt. The request id finds it in the provider's logs.</summary>
internal static class ChatFailures
{
    /// <summary>The endpoint has refused the call, or says within an answer that it failed.</summary>
    public static ChatResult.Failed Refused(int status, ProviderError? error, ChatExchange exchange, ChatRequest request, ChatWire wire)
    {
        var kind = ProviderRefusal.KindOf(status, error);
        return new ChatResult.Failed(kind, ProviderRefusal.Message(kind, status, error, exchange.Location, request, wire.Endpoint), ProviderRefusal.MayBeBilled(status))
        {
            RetryAfter = exchange.RetryAfter,
            RequestId = exchange.RequestId,
        };
    }

    public static ChatResult.Failed TimedOut(ChatExchange exchange, ChatRequest request) => new(
        ChatFailureKind.Timeout,
        FormattableString.Invariant(
            $"The model did not answer within {request.Timeout.TotalSeconds:0.###} s. In agent.yaml, set models.{ChatQuestion.PurposeOf(request)}.timeout higher, if it needs longer."),
        Billed: true)
    {
        RequestId = exchange.RequestId,
    };

    public static ChatResult.Failed Nonsense(ChatExchange exchange, ModelEndpoint? endpoint) => new(
        ChatFailureKind.InvalidResponse,
        exchange.IsTooLarge ? $"The model's endpoint answered with more than {ChatExchangeHandler.MaxBytes / (1024 * 1024)} MB{At(endpoint)}."
            : $"The model's endpoint answered with something that is not a chat completion{At(endpoint)}.",
        Billed: true)
    {
        RequestId = exchange.RequestId,
    };

    /// <summary>No response was seen: by what the client library threw.</summary>
    public static ChatResult.Failed Of(Exception exception, ChatExchange exchange, ChatRequest request, ChatWire wire) => exception switch
    {
        AggregateException { InnerExceptions: [.., var last] } => Of(last, exchange, request, wire),
        ClientResultException { Status: 0, InnerException: { } inner } => Of(inner, exchange, request, wire),
        ClientResultException { Status: > 0 } refused => Refused(refused.Status, ErrorOf(refused), exchange, request, wire),
        AnthropicApiException refused => Refused((int)refused.StatusCode, null, exchange, request, wire),
        AnthropicIOException { InnerException: { } inner } => Of(inner, exchange, request, wire),
        AuthenticationFailedException => new ChatResult.Failed(
            ChatFailureKind.Unauthorized,
            $"No Entra token could be had for the model's endpoint. Set {wire.Endpoint?.KeySetting ?? "the endpoint's key"}, "
            + "or give this host an identity (AZURE_CLIENT_ID, az login).",
            Billed: false),
        OperationCanceledException or TimeoutException => TimedOut(exchange, request),
        HttpRequestException { StatusCode: { } status } => Refused((int)status, null, exchange, request, wire),
        HttpRequestException { HttpRequestError: not (HttpRequestError.ResponseEnded or HttpRequestError.Unknown) } unreached => new ChatResult.Failed(
            ChatFailureKind.Unavailable, $"The model's endpoint could not be reached{At(wire.Endpoint)}: {Words(unreached.HttpRequestError)}.", Billed: false),
        HttpRequestException or IOException => new ChatResult.Failed(ChatFailureKind.CutOff, "The connection broke before the answer was whole.", Billed: true)
        {
            RequestId = exchange.RequestId,
        },
        // What else a client of somebody else throws is not known here, nor whether the call was paid for.
        _ => new ChatResult.Failed(ChatFailureKind.InvalidResponse, $"The model's client failed with {exception.GetType().Name}{At(wire.Endpoint)}.", Billed: true),
    };

    private static ProviderError? ErrorOf(ClientResultException exception)
    {
        try
        {
            return exception.GetRawResponse()?.Content is { } content && content.ToMemory().Length <= 64 * 1024
                ? ProviderError.Read(JsonSerializer.Deserialize<JsonElement>(content.ToMemory().Span))
                : null;
        }
        catch (JsonException)
        {
            // No JSON: the status says what can be said.
            return null;
        }
    }

    private static string At(ModelEndpoint? endpoint) => endpoint is null ? "" : $" at {endpoint.Address}";

    private static string Words(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its name cannot be resolved",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no trusted TLS connection",
        HttpRequestError.ProxyTunnelError => "the proxy refused",
        _ => error.ToString(),
    };
}
