using AgentWorkflows.Models;
using Microsoft.Extensions.AI;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>
/// A language model behind any <see cref="IChatClient"/>. One call is one request: no retries here, and the client must make none, because the session decides, waits
/// durably and pays. Thread-safe when the client is.
/// </summary>
internal sealed class ChatClientModel : IChatModel
{
    private readonly IChatClient _client;
    private readonly ChatWire _wire;
    private readonly string? _modelId;

    /// <param name="client">
    /// Makes one request a call. What it throws becomes a failure by kind; what it cannot say, such as whether a failed call was paid for, is taken for the worse.
    /// </param>
    /// <param name="modelId">Asked of the client by this name; <c>null</c>: the client's own default.</param>
    /// <param name="schemas">Default: in the prompt, because not every client can hold its model to a schema.</param>
    public ChatClientModel(IChatClient client, string? modelId = null, SchemaMode schemas = SchemaMode.Prompt)
        : this(client, new ChatWire { Provider = ProviderOf(client), Schemas = schemas }, modelId)
    {
    }

    internal ChatClientModel(IChatClient client, ChatWire wire, string? modelId = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_client, _wire, _modelId) = (client, wire, modelId);
    }

    public string Provider => _wire.Provider;

    public async Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var exchange = ChatExchange.Begin();
        var (response, failure) = await AskAsync(request, cancellationToken);
        // What came over the wire counts before what a library made of it.
        return exchange switch
        {
            { Answer: { } answer } => ChatJudge.Of(answer, exchange, request, _wire),
            { IsTooLarge: true, Status: >= 200 and < 300 } => ChatFailures.Nonsense(exchange, _wire.Endpoint),
            { Status: < 200 or >= 300 } refused => ChatFailures.Refused(refused.Status.Value, exchange.Error, exchange, request, _wire),
            { Error: { } error } => ChatFailures.Refused(error.Status ?? 400, error, exchange, request, _wire),
            { IsWhole: true } => ChatFailures.Nonsense(exchange, _wire.Endpoint),
            _ when failure is not null => ChatFailures.Of(failure, exchange, request, _wire),
            _ => ChatJudge.Of(ChatAnswer.Of(response!), exchange, request, _wire),
        };
    }

    private async Task<(ChatResponse? Response, Exception? Failure)> AskAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(request.Timeout);
        try
        {
            return (await _client.GetResponseAsync(ChatQuestion.Messages(request, _wire.Enforces(request)), Options(request), limited.Token), null);
        }
#pragma warning disable CA1031 // Clients throw what they like; all of it is an outcome of the call, and is told by kind.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return (null, limited.IsCancellationRequested ? new TimeoutException() : e);
        }
    }

    private ChatOptions Options(ChatRequest request)
    {
        var enforced = _wire.Enforces(request);
        var options = new ChatOptions
        {
            ModelId = _modelId,
            MaxOutputTokens = request.MaxOutputTokens,
            Temperature = (float?)request.Temperature,
            ResponseFormat = request.ResponseSchema is not { } schema || _wire.Schemas == SchemaMode.Prompt ? null
                : enforced ? ChatResponseFormat.ForJsonSchema(schema, ChatQuestion.SchemaName(request))
                : ChatResponseFormat.Json,
        };
        _wire.Adjust?.Invoke(options, request, enforced);
        return options;
    }

    private static string ProviderOf(IChatClient client) =>
        client?.GetService(typeof(ChatClientMetadata)) is ChatClientMetadata { ProviderName: { Length: > 0 } name } ? name : "_OTHER";
}
