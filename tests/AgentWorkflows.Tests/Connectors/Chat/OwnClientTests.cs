using System.Net;
using AgentWorkflows.Connectors;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Models;
using AgentWorkflows.Testing;
using Microsoft.Extensions.AI;
using Xunit;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatRole = Microsoft.Extensions.AI.ChatRole;

namespace AgentWorkflows.Tests.Connectors.Chat;

/// <summary>Clients that a program brings along, of whatever maker.</summary>
public sealed class OwnClientTests
{
    private const int Hang = 60_000;

    [Fact(Timeout = Hang)]
    public async Task AClient_IsAskedWithTheSchemaInThePrompt_AndItsAnswerIsRead()
    {
        var client = Says(WireProtocol.Plan, response =>
        {
            response.ModelId = "own-1";
            response.FinishReason = ChatFinishReason.Stop;
            response.Usage = new UsageDetails { InputTokenCount = 12, CachedInputTokenCount = 2, OutputTokenCount = 3 };
        });

        var completed = Assert.IsType<ChatResult.Completed>(await new ChatClientModel(client).CompleteAsync(WireRequests.Plan(), CancellationToken.None));

        Assert.Equal((WireProtocol.Plan, new ChatUsage(12, 2, 3), "own-1", "Stop"), (completed.Text, completed.Usage, completed.Model, completed.FinishReason));
        var (messages, options) = Assert.Single(client.Asked);
        Assert.Contains(messages, message => message.Text.StartsWith(ChatQuestion.SchemaRule, StringComparison.Ordinal));
        Assert.Equal((77, 0f, null), (options.MaxOutputTokens, options.Temperature, options.ResponseFormat));
    }

    [Fact(Timeout = Hang)]
    public async Task NoUsage_IsUnknown_NotNothing()
    {
        var model = new ChatClientModel(Says("x"));

        Assert.False(Assert.IsType<ChatResult.Completed>(await model.CompleteAsync(WireRequests.Plan(), CancellationToken.None)).Usage.IsKnown);
    }

    public static TheoryData<string, ChatFailureKind, bool> Thrown() => new()
    {
        { "status 429", ChatFailureKind.RateLimited, false },
        { "status 401", ChatFailureKind.Unauthorized, false },
        { "status 500", ChatFailureKind.Unavailable, false },
        { "unreachable", ChatFailureKind.Unavailable, false },
        { "cut", ChatFailureKind.CutOff, true },
        { "io", ChatFailureKind.CutOff, true },
        { "timeout", ChatFailureKind.Timeout, true },
        { "cancelled", ChatFailureKind.Timeout, true },
        { "own", ChatFailureKind.InvalidResponse, true },
    };

    [Theory(Timeout = Hang)]
    [MemberData(nameof(Thrown))]
    public async Task WhatAClientThrows_IsAResultOfItsKind(string thrown, ChatFailureKind kind, bool billed)
    {
        var model = new ChatClientModel(new Client(_ => throw Exception(thrown)));

        var failed = Assert.IsType<ChatResult.Failed>(await model.CompleteAsync(WireRequests.Plan(), CancellationToken.None));

        Assert.Equal((kind, billed), (failed.Kind, failed.Billed));
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Hang)]
    public async Task AClientThatHangs_IsLeftAfterTheRequestsTime()
    {
        var model = new ChatClientModel(new Client(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("Not reached.");
        }));

        var failed = Assert.IsType<ChatResult.Failed>(await model.CompleteAsync(WireRequests.Plan() with { Timeout = TimeSpan.FromMilliseconds(50) }, CancellationToken.None));

        Assert.Equal(ChatFailureKind.Timeout, failed.Kind);
        Assert.Contains("set models.plan.timeout higher", failed.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Hang)]
    public async Task ACatalog_FindsAClientByItsName_WithAModelOfIts_AndAsTheDefaultWhenItIsAlone()
    {
        var client = Says("x");
        var catalog = new ModelCatalog(ScriptedChatModel.ByTurn(), new ModelSettings(), new Dictionary<string, IChatClient> { ["claude"] = client });

        Assert.Equal("claude", catalog.Resolve("default"));
        foreach (var name in new[] { "default", "claude", "claude/opus/1" })
        {
            await catalog.Find(name)!.CompleteAsync(WireRequests.Plan(), CancellationToken.None);
        }

        Assert.Equal([null, null, "opus/1"], client.Asked.Select(asked => asked.Options.ModelId));
        Assert.Null(catalog.Find("gemini"));
        Assert.False(((IChatModelCatalog)catalog).TraitsOf("default").IsScripted);
    }

    private static Client Says(string text, Action<ChatResponse>? edit = null) => new(_ =>
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, text));
        edit?.Invoke(response);
        return Task.FromResult(response);
    });

    private static Exception Exception(string name) => name switch
    {
        "unreachable" => new HttpRequestException(HttpRequestError.ConnectionError, "secret"),
        "cut" => new HttpRequestException(HttpRequestError.ResponseEnded, "secret"),
        "io" => new IOException("secret"),
        "timeout" => new TimeoutException("secret"),
        "cancelled" => new OperationCanceledException("secret"),
        "own" => new NotSupportedException("secret"),
        _ => new HttpRequestException("secret", null, Enum.Parse<HttpStatusCode>(name["status ".Length..])),
    };

    private sealed class Client(Func<CancellationToken, Task<ChatResponse>> answer) : IChatClient
    {
        public List<(IReadOnlyList<ChatMessage> Messages, ChatOptions Options)> Asked { get; } = [];

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Asked.Add(([.. messages], options!));
            return answer(cancellationToken);
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
