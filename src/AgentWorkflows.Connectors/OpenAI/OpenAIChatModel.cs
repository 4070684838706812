using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AgentWorkflows.Models;
using Azure.Identity;
using OpenAI;
using OpenAI.Chat;

namespace AgentWorkflows.Connectors.OpenAI;

/// <summary>Chat completions of OpenAI, Azure OpenAI or a compatible endpoint. The SDK's own retries are off: the session decides, waits durably and pays.</summary>
public sealed class OpenAIChatModel : IChatModel
{
    private const string AzureScope = "https://cognitiveservices.azure.com/.default";
    private readonly ChatClient _client;

    public OpenAIChatModel(OpenAISettings settings)
        : this(settings, null, null)
    {
    }

    /// <param name="tokens">Default: the environment's Entra identity. Used when the settings have no key.</param>
    /// <param name="transport">Default: HTTP.</param>
    internal OpenAIChatModel(OpenAISettings settings, AuthenticationTokenProvider? tokens, PipelineTransport? transport)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Provider = settings.IsAzure ? "azure.ai.openai" : "openai";
        var options = new OpenAIClientOptions
        {
            Endpoint = settings.Endpoint,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = settings.Timeout,
            Transport = transport,
        };
#pragma warning disable OPENAI001 // The constructor for tokens is marked experimental; there is no other way to use an Entra token with this client.
        _client = settings.ApiKey is { } key
            ? new ChatClient(settings.Deployment, new ApiKeyCredential(key), options)
            : new ChatClient(settings.Deployment, new BearerTokenPolicy(tokens ?? new DefaultAzureCredential(), AzureScope), options);
#pragma warning restore OPENAI001
    }

    public string Provider { get; }

    public async Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var response = await _client.CompleteChatAsync(OpenAIMessages.Of(request), Options(request), cancellationToken);
            return Read(response.Value, response.GetRawResponse());
        }
        catch (Exception e) when (OpenAIFailures.Read(e, request, cancellationToken) is { } failed)
        {
            return failed;
        }
    }

    private static ChatCompletionOptions Options(ChatRequest request)
    {
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = request.MaxOutputTokens,
            Temperature = (float?)request.Temperature,
        };
        if (request.ResponseSchema is { } schema)
        {
            options.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                request.Purpose.ToString().ToLowerInvariant(), BinaryData.FromString(schema.GetRawText()), jsonSchemaIsStrict: request.StrictSchema);
        }
        return options;
    }

    private static ChatResult Read(ChatCompletion completion, PipelineResponse response)
    {
        var requestId = OpenAIFailures.RequestIdOf(response);
        if (completion.FinishReason == ChatFinishReason.ContentFilter || completion.Refusal is { Length: > 0 })
        {
            return new ChatResult.Failed(ChatFailureKind.ContentFilter, "The provider's content filter stopped the answer, or the model refused.", Billed: true)
            {
                RequestId = requestId,
            };
        }
        if (completion.Usage is not { } usage || usage.InputTokenCount < 0 || usage.OutputTokenCount < 0)
        {
            throw new JsonException("The chat completion says nothing of its usage.");
        }
        return new ChatResult.Completed(
            string.Concat(completion.Content.Select(part => part.Text)),
            new ChatUsage(usage.InputTokenCount, Math.Clamp(usage.InputTokenDetails?.CachedTokenCount ?? 0, 0, usage.InputTokenCount), usage.OutputTokenCount))
        {
            Model = completion.Model,
            RequestId = requestId,
            FinishReason = completion.FinishReason.ToString(),
        };
    }
}
