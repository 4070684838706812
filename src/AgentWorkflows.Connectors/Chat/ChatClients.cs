using System.ClientModel;
using System.ClientModel.Primitives;
using AgentWorkflows.Models;
using Anthropic;
using Azure.AI.OpenAI;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OpenAI;
using OpenAI.Chat;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>
/// The clients of the providers, set up alike: one request a call, no retries and no timeouts of their own, no redirects, every answer bounded while it is read, no telemetry
/// of what was said.
/// </summary>
internal static class ChatClients
{
    private static readonly Lazy<TokenCredential> Identity = new(() => new DefaultAzureCredential());

    /// <param name="time">For a Retry-After that is a date.</param>
    /// <param name="transport">Default: HTTP.</param>
    /// <param name="tokens">Default: the environment's Entra identity. Used on Azure when there is no key.</param>
    public static ChatClientModel Create(
        ModelEndpoint endpoint, string model, TimeProvider? time = null, HttpMessageHandler? transport = null, TokenCredential? tokens = null)
    {
        var http = new HttpClient(new ChatExchangeHandler(endpoint.Provider, time ?? TimeProvider.System, transport ?? Http()))
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = ChatExchangeHandler.MaxBytes,
        };
        return endpoint.Provider switch
        {
            ModelProvider.OpenAI => OfOpenAI(endpoint, model, http),
            ModelProvider.Azure => OfAzure(endpoint, model, http, tokens ?? Identity.Value),
            ModelProvider.Anthropic => OfAnthropic(endpoint, model, http),
            ModelProvider.Ollama => OfOllama(endpoint, model, http),
            var other => throw new InvalidOperationException($"Unknown provider {other}."),
        };
    }

    private static ChatClientModel OfOpenAI(ModelEndpoint endpoint, string model, HttpClient http)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = endpoint.Address,
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(http),
        };
        // The library wants a key; endpoints that ask for none do not look at it.
        var client = new ChatClient(model, new ApiKeyCredential(endpoint.ApiKey ?? NoKey), options);
        return new ChatClientModel(client.AsIChatClient(), OpenAIWire(endpoint, "openai"));
    }

    private static ChatClientModel OfAzure(ModelEndpoint endpoint, string model, HttpClient http, TokenCredential tokens)
    {
        var options = new AzureOpenAIClientOptions
        {
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            Transport = new HttpClientPipelineTransport(http),
        };
        var client = endpoint.ApiKey is { } key
            ? new AzureOpenAIClient(endpoint.Address, new ApiKeyCredential(key), options)
            : new AzureOpenAIClient(endpoint.Address, tokens, options);
        return new ChatClientModel(client.GetChatClient(model).AsIChatClient(), OpenAIWire(endpoint, "azure.ai.openai"));
    }

    /// <summary>The schema is sent to the letter, as it was checked: the common adapter would rewrite it.</summary>
    private static ChatWire OpenAIWire(ModelEndpoint endpoint, string provider) => new()
    {
        Provider = provider,
        Schemas = endpoint.Schemas,
        TakesLooseSchemas = true,
        Endpoint = endpoint,
        Adjust = (options, request, enforced) =>
        {
            if (!enforced)
            {
                return;
            }
            var format = OpenAI.Chat.ChatResponseFormat.CreateJsonSchemaFormat(
                ChatQuestion.SchemaName(request), BinaryData.FromString(request.ResponseSchema!.Value.GetRawText()), jsonSchemaIsStrict: request.StrictSchema);
            options.ResponseFormat = null;
            options.RawRepresentationFactory = _ => new ChatCompletionOptions { ResponseFormat = format };
        },
    };

    private static ChatClientModel OfAnthropic(ModelEndpoint endpoint, string model, HttpClient http)
    {
        var client = new AnthropicClient(new Anthropic.Core.ClientOptions
        {
            HttpClient = http,
            BaseUrl = endpoint.Address.ToString().TrimEnd('/'),
            ApiKey = endpoint.ApiKey ?? NoKey,
            MaxRetries = 0,
            // The library wants one; a request's own is shorter.
            Timeout = TimeSpan.FromHours(1),
            OpenTelemetry = false,
        });
        return new ChatClientModel(client.AsIChatClient(model), new ChatWire
        {
            Provider = "anthropic",
            // There is no mode for "some JSON".
            Schemas = endpoint.Schemas == SchemaMode.Json ? SchemaMode.Prompt : endpoint.Schemas,
            Endpoint = endpoint,
            Adjust = (options, _, enforced) => options.ResponseFormat = enforced ? options.ResponseFormat : null,
        });
    }

    private static ChatClientModel OfOllama(ModelEndpoint endpoint, string model, HttpClient http)
    {
        http.BaseAddress = endpoint.Address;
        if (endpoint.ApiKey is { } key)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }
        return new ChatClientModel(new OllamaApiClient(http, model), new ChatWire
        {
            Provider = "ollama",
            Schemas = endpoint.Schemas,
            Endpoint = endpoint,
            Adjust = (options, request, _) => options.AddOllamaOption(OllamaSharp.Models.OllamaOption.NumCtx, ContextOf(request)),
        });
    }

    /// <summary>
    /// Ollama cuts a prompt to its own window of a few thousand tokens without a word. Asked for is a power of two that the request fits in by a wide margin, so that a
    /// session's calls need few sizes: each new one loads the model again.
    /// </summary>
    internal static int ContextOf(ChatRequest request)
    {
        var wanted = (2 * (long)TokenEstimate.Of(request)) + request.MaxOutputTokens;
        var size = 8192L;
        while (size < wanted && size < 1 << 20)
        {
            size *= 2;
        }
        return (int)size;
    }

    private const string NoKey = "none";

    private static SocketsHttpHandler Http() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 64,
    };
}
