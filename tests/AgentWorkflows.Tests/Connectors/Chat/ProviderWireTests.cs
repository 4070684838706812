using System.Text.Json;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Models;
using AgentWorkflows.TestSupport.Chat;
using Azure.Core;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.Chat;

/// <summary>Each provider's real client against a server that speaks that provider's protocol: what is asked on the wire, and what becomes of each answer.</summary>
public sealed class ProviderWireTests
{
    private const int Hang = 60_000;
    private const string Model = "model-1";

    public static TheoryData<string> Providers() => ["OpenAI", "Azure", "Anthropic", "Ollama"];

    [Theory(Timeout = Hang)]
    [MemberData(nameof(Providers))]
    public async Task ARequest_GoesToTheProtocolsAddress_WithTheKey_AndTheModel(string provider)
    {
        var (call, _) = await AskAsync(provider, protocol => protocol.Text(WireProtocol.Plan));

        var protocol = WireProtocol.Of(provider);
        Assert.Equal((protocol.Path, Model), (call.Path, call.Model));
        Assert.Equal(protocol.KeyHeader == "Authorization" ? "Bearer key-1" : "key-1", call.Headers[protocol.KeyHeader]);
    }

    [Theory(Timeout = Hang)]
    [InlineData("OpenAI", "max_completion_tokens")]
    [InlineData("Azure", "max_completion_tokens")]
    [InlineData("Anthropic", "max_tokens")]
    [InlineData("Ollama", "options.num_predict")]
    public async Task ARequest_BoundsTheOutput(string provider, string member)
    {
        var (call, _) = await AskAsync(provider, protocol => protocol.Text(WireProtocol.Plan));

        Assert.Equal(77, At(call.Body, member)!.Value.GetInt32());
    }

    [Theory(Timeout = Hang)]
    [InlineData("OpenAI", "response_format.json_schema.schema")]
    [InlineData("Azure", "response_format.json_schema.schema")]
    [InlineData("Anthropic", "output_config.format.schema")]
    [InlineData("Ollama", "format")]
    public async Task ARequest_HoldsTheModelToTheSchema(string provider, string member)
    {
        var (call, _) = await AskAsync(provider, protocol => protocol.Text(WireProtocol.Plan));

        var sent = At(call.Body, member)!.Value;
        Assert.Contains("get_order", sent.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(TextsOf(call.Body), text => text.StartsWith(ChatQuestion.SchemaRule, StringComparison.Ordinal));
        if (provider is "OpenAI" or "Azure")
        {
            Assert.True(At(call.Body, "response_format.json_schema.strict")!.Value.GetBoolean());
            // To the letter: what was checked against the rules of structured outputs is what is sent.
            Assert.Equal(WireRequests.Plan().ResponseSchema!.Value.GetRawText(), sent.GetRawText());
        }
    }

    [Theory(Timeout = Hang)]
    [InlineData("OpenAI", SchemaMode.Prompt, "response_format", null)]
    [InlineData("OpenAI", SchemaMode.Json, "response_format.type", "json_object")]
    [InlineData("Azure", SchemaMode.Json, "response_format.type", "json_object")]
    [InlineData("Azure", SchemaMode.Prompt, "response_format", null)]
    [InlineData("Anthropic", SchemaMode.Prompt, "output_config", null)]
    [InlineData("Anthropic", SchemaMode.Json, "output_config", null)]
    [InlineData("Ollama", SchemaMode.Prompt, "format", null)]
    [InlineData("Ollama", SchemaMode.Json, "format", "json")]
    internal async Task ASchemaThatIsNotEnforced_StandsInThePrompt(string provider, SchemaMode schemas, string member, string? sent)
    {
        var (call, result) = await AskAsync(provider, protocol => protocol.Text(WireProtocol.Plan), schemas: schemas);

        Assert.Equal(sent, At(call.Body, member)?.GetString());
        var rule = Assert.Single(TextsOf(call.Body), text => text.StartsWith(ChatQuestion.SchemaRule, StringComparison.Ordinal));
        Assert.Contains("\"get_order\"", rule, StringComparison.Ordinal);
        Assert.IsType<ChatResult.Completed>(result);
    }

    [Theory(Timeout = Hang)]
    [InlineData("Anthropic", "output_config")]
    [InlineData("Ollama", "format.properties")]
    public async Task ASchemaBeyondTheStrictSubset_StandsInThePrompt_WhereAProviderWouldRefuseIt(string provider, string member)
    {
        var (call, _) = await AskAsync(provider, protocol => protocol.Text(WireProtocol.Plan), request => request with { StrictSchema = false });

        Assert.Null(At(call.Body, member));
        Assert.Single(TextsOf(call.Body), text => text.StartsWith(ChatQuestion.SchemaRule, StringComparison.Ordinal));
    }

    [Theory(Timeout = Hang)]
    [MemberData(nameof(Providers))]
    public async Task ARequest_HasTheMessagesInOrder_TheTools_AndTheTemperature(string provider)
    {
        var (call, _) = await AskAsync(provider, protocol => protocol.Text(WireProtocol.Plan), request => request with
        {
            Temperature = 0.5,
            Messages =
            [
                new ChatMessage(ChatRole.System, "Be useful."), new ChatMessage(ChatRole.User, "the goal"), new ChatMessage(ChatRole.Assistant, "a plan"),
                new ChatMessage(ChatRole.Tool, "a result"),
            ],
        });

        var texts = TextsOf(call.Body).ToList();
        Assert.Equal("Be useful.", texts[0]);
        Assert.Contains("Looks one order up.", texts[1], StringComparison.Ordinal);
        Assert.Equal(["the goal", "a plan"], texts[2..4]);
        Assert.StartsWith("Tool result:\n<data id=", texts[4], StringComparison.Ordinal);
        // Anthropic's protocol has none.
        Assert.Equal(provider == "Anthropic" ? null : 0.5, At(call.Body, provider == "Ollama" ? "options.temperature" : "temperature")?.GetDouble());
    }

    [Theory(Timeout = Hang)]
    [MemberData(nameof(Providers))]
    public async Task NoTemperature_IsLeftOutOfTheRequest(string provider)
    {
        var (call, _) = await AskAsync(provider, protocol => protocol.Text(WireProtocol.Plan), request => request with { Temperature = null });

        Assert.Null(At(call.Body, provider == "Ollama" ? "options.temperature" : "temperature"));
    }

    [Fact(Timeout = Hang)]
    public async Task Ollama_IsAskedForAWindowTheRequestFitsIn()
    {
        var (small, _) = await AskAsync("Ollama", protocol => protocol.Text(WireProtocol.Plan));
        var (large, _) = await AskAsync("Ollama", protocol => protocol.Text(WireProtocol.Plan), request => request with { Messages = [new ChatMessage(ChatRole.User, new string('x', 40_000))] });

        Assert.Equal((8192, 32_768), (At(small.Body, "options.num_ctx")!.Value.GetInt32(), At(large.Body, "options.num_ctx")!.Value.GetInt32()));
    }

    [Theory(Timeout = Hang)]
    [InlineData("OpenAI", 20)]
    [InlineData("Azure", 20)]
    [InlineData("Anthropic", 20)]
    [InlineData("Ollama", 0)]
    public async Task AnAnswer_CarriesPlanUsageModelAndRequestId(string provider, int cached)
    {
        var (_, result) = await AskAsync(provider, protocol => protocol.Text(WireProtocol.Plan));

        var completed = Assert.IsType<ChatResult.Completed>(result);
        Assert.Equal((WireProtocol.Plan, new ChatUsage(120, cached, 30), "Stop"), (completed.Text, completed.Usage, completed.FinishReason));
        Assert.Equal(FakeChatReply.RequestId, completed.RequestId);
        Assert.NotEmpty(completed.Model);
    }

    [Theory(Timeout = Hang)]
    [MemberData(nameof(Providers))]
    public async Task AnAnswerCutOffAtItsBound_SaysSo(string provider)
    {
        var (_, result) = await AskAsync(provider, protocol => protocol.CutOff);

        Assert.Equal(ChatResult.Completed.CutOff, Assert.IsType<ChatResult.Completed>(result).FinishReason);
    }

    [Theory(Timeout = Hang)]
    [MemberData(nameof(Providers))]
    public async Task ARefusal_IsChargedWhatItUsed(string provider)
    {
        var (_, result) = await AskAsync(provider, protocol => protocol.Refusal);

        var failed = Assert.IsType<ChatResult.Failed>(result);
        Assert.Equal((ChatFailureKind.ContentFilter, 120, 5), (failed.Kind, failed.Usage.InputTokens, failed.Usage.OutputTokens));
    }

    public static TheoryData<string, string, ChatFailureKind, bool> Failures()
    {
        var data = new TheoryData<string, string, ChatFailureKind, bool>();
        foreach (var provider in new[] { "OpenAI", "Azure", "Anthropic", "Ollama" })
        {
            data.Add(provider, "429", ChatFailureKind.RateLimited, false);
            data.Add(provider, "500", ChatFailureKind.Unavailable, false);
            data.Add(provider, "503", ChatFailureKind.Unavailable, false);
            data.Add(provider, "529", ChatFailureKind.Unavailable, false);
            data.Add(provider, "401", ChatFailureKind.Unauthorized, false);
            data.Add(provider, "403", ChatFailureKind.Unauthorized, false);
            data.Add(provider, "404", ChatFailureKind.UnknownDeployment, false);
            data.Add(provider, "400", ChatFailureKind.InvalidRequest, false);
            data.Add(provider, "too long", ChatFailureKind.ContextLength, false);
            data.Add(provider, "html", ChatFailureKind.InvalidResponse, true);
            data.Add(provider, "empty", ChatFailureKind.InvalidResponse, true);
            data.Add(provider, "half", ChatFailureKind.InvalidResponse, true);
            data.Add(provider, "{}", ChatFailureKind.InvalidResponse, true);
            data.Add(provider, "cut", ChatFailureKind.CutOff, true);
            data.Add(provider, "late", ChatFailureKind.Timeout, true);
            data.Add(provider, "endless", ChatFailureKind.InvalidResponse, true);
            data.Add(provider, "endless 500", ChatFailureKind.Unavailable, false);
        }
        return data;
    }

    [Theory(Timeout = Hang)]
    [MemberData(nameof(Failures))]
    public async Task EachFailure_IsAResultOfItsKind(string provider, string reply, ChatFailureKind kind, bool billed)
    {
        var (call, result) = await AskAsync(
            provider, protocol => Reply(protocol, reply), request => request with { Timeout = reply == "late" ? TimeSpan.FromMilliseconds(500) : request.Timeout });

        var failed = Assert.IsType<ChatResult.Failed>(result);
        Assert.Equal((kind, billed), (failed.Kind, failed.Billed));
        Assert.Equal(reply is "429" or "503" ? TimeSpan.FromSeconds(7) : null, failed.RetryAfter);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("key-1", failed.Message, StringComparison.Ordinal);
        Assert.InRange(call.Number, 0, 1);
    }

    [Theory(Timeout = Hang)]
    [MemberData(nameof(Providers))]
    public async Task AWrongKey_NamesItsSetting(string provider)
    {
        var (_, result) = await AskAsync(provider, protocol => new FakeChatReply(401, protocol.Error));

        Assert.Contains("Check THE_KEY.", Assert.IsType<ChatResult.Failed>(result).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Hang)]
    public async Task Azure_WithoutAKey_SendsAnEntraToken()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => WireProtocol.Of("Azure").Text(WireProtocol.Plan));
        using var plain = new PlainHandler(endpoint.BaseAddress.Port);
        var settings = new ModelEndpoint(new Uri("https://resource.example/"), null, ModelProvider.Azure);

        await ChatClients.Create(settings, Model, transport: plain, tokens: new FixedToken()).CompleteAsync(WireRequests.Plan(), CancellationToken.None);

        var call = Assert.Single(endpoint.Calls);
        Assert.Equal(("Bearer entra-token", "/openai/deployments/model-1/chat/completions"), (call.Headers["Authorization"], call.Path));
    }

    private static FakeChatReply Reply(WireProtocol protocol, string name) => name switch
    {
        "too long" => protocol.TooLong,
        "html" => new FakeChatReply(200, "<html></html>"),
        "empty" => new FakeChatReply(200, ""),
        "{}" => new FakeChatReply(200, "{}"),
        "half" => protocol.Text(WireProtocol.Plan) with { Body = protocol.Text(WireProtocol.Plan).Body[..60] },
        "cut" => protocol.Text(WireProtocol.Plan) with { CutAfter = 40 },
        "late" => protocol.Text(WireProtocol.Plan) with { Delay = TimeSpan.FromSeconds(50) },
        "endless" => new FakeChatReply(200, "{\"a\":\"") { Endless = true },
        "endless 500" => new FakeChatReply(500, "{\"a\":\"") { Endless = true },
        "429" or "503" => new FakeChatReply(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture), protocol.Error)
        {
            Headers = new Dictionary<string, string> { ["Retry-After"] = "7" },
        },
        _ => new FakeChatReply(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture), protocol.Error),
    };

    /// <summary>The one call that was made, and what became of it. No client makes two.</summary>
    private static async Task<(FakeChatCall Call, ChatResult Result)> AskAsync(
        string provider, Func<WireProtocol, FakeChatReply> reply, Func<ChatRequest, ChatRequest>? edit = null, SchemaMode schemas = SchemaMode.Strict)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => reply(WireProtocol.Of(provider)));
        var model = ChatClients.Create(WireProtocol.Endpoint(provider, endpoint, schemas), Model);

        var result = await model.CompleteAsync(edit?.Invoke(WireRequests.Plan()) ?? WireRequests.Plan(), CancellationToken.None);

        Assert.InRange(endpoint.Calls.Count, 0, 1);
        // On a busy machine the time may be over before the request has arrived.
        return (endpoint.Calls.Count == 1 ? endpoint.Calls[0] : new FakeChatCall(0, default, "", default, new Dictionary<string, string>()), result);
    }

    private static JsonElement? At(JsonElement body, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out body))
            {
                return null;
            }
        }
        return body.ValueKind == JsonValueKind.Null ? null : body;
    }

    /// <summary>All texts of the conversation in order; Anthropic has those of the system apart.</summary>
    private static IEnumerable<string> TextsOf(JsonElement body) =>
        (At(body, "system") is { } system ? system.EnumerateArray().Select(part => part.GetProperty("text").GetString()!) : [])
        .Concat(body.GetProperty("messages").EnumerateArray().SelectMany(message => message.GetProperty("content") is var content && content.ValueKind == JsonValueKind.String
            ? [content.GetString()!]
            : content.EnumerateArray().Select(part => part.GetProperty("text").GetString()!)));

    /// <summary>Tokens go over TLS only; this stands in for the TLS.</summary>
    private sealed class PlainHandler(int port) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new UriBuilder(request.RequestUri!) { Scheme = "http", Host = "127.0.0.1", Port = port }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class FixedToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new("entra-token", DateTimeOffset.UtcNow.AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
