using System.Net.Sockets;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Models;
using AgentWorkflows.TestSupport.Chat;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.Chat;

/// <summary>The real SDK against a real server that misbehaves in every way the taxonomy names.</summary>
public sealed class OpenAIWireTests
{
    private const int Timeout = 60_000;
    private static readonly FakeChatReply Whole = FakeChatReply.Text("""{"reason":"r","answer":"a"}""", new ChatUsage(120, 20, 30));

    public static TheoryData<string, ChatFailureKind, bool, double?> Refusals() => new()
    {
        { "429", ChatFailureKind.RateLimited, false, null },
        { "429 after 2 s", ChatFailureKind.RateLimited, false, 2 },
        { "429 after 1500 ms", ChatFailureKind.RateLimited, false, 1.5 },
        { "429 after a date", ChatFailureKind.RateLimited, false, 90 },
        { "429 after nonsense", ChatFailureKind.RateLimited, false, null },
        { "429 out of quota", ChatFailureKind.QuotaExhausted, false, null },
        { "503 after 7 s", ChatFailureKind.Unavailable, false, 7 },
        { "500", ChatFailureKind.Unavailable, false, null },
        { "401", ChatFailureKind.Unauthorized, false, null },
        { "403", ChatFailureKind.Unauthorized, false, null },
        { "404", ChatFailureKind.UnknownDeployment, false, null },
        { "408", ChatFailureKind.Timeout, false, null },
        { "400 content filter", ChatFailureKind.ContentFilter, false, null },
        { "400 context length", ChatFailureKind.ContextLength, false, null },
        { "400", ChatFailureKind.InvalidRequest, false, null },
        { "400 in HTML", ChatFailureKind.InvalidRequest, false, null },
        { "200 content filter", ChatFailureKind.ContentFilter, true, null },
        { "200 refusal", ChatFailureKind.ContentFilter, true, null },
        { "200 cut off", ChatFailureKind.CutOff, true, null },
        { "200 half the JSON", ChatFailureKind.InvalidResponse, true, null },
        { "200 in HTML", ChatFailureKind.InvalidResponse, true, null },
        { "200 empty", ChatFailureKind.InvalidResponse, true, null },
        { "200 no choices", ChatFailureKind.InvalidResponse, true, null },
        { "too late", ChatFailureKind.Timeout, true, null },
    };

    [Theory(Timeout = Timeout)]
    [MemberData(nameof(Refusals))]
    public async Task EachFailure_IsAResultOfItsKind(string reply, ChatFailureKind kind, bool billed, double? retryAfterSeconds)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => Reply(reply));
        var request = WireRequests.Plan() with { Timeout = TimeSpan.FromSeconds(reply == "too late" ? 0.3 : 30) };

        var failed = Assert.IsType<ChatResult.Failed>(await Model(endpoint.BaseAddress).CompleteAsync(request, CancellationToken.None));

        Assert.Equal((kind, billed), (failed.Kind, failed.Billed));
        Assert.Equal(retryAfterSeconds, failed.RetryAfter?.TotalSeconds);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
        // On a busy machine the time may be over before the request has arrived; it is never made twice.
        Assert.InRange(endpoint.Calls.Count, reply == "too late" ? 0 : 1, 1);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("""{"param":"temperature","message":"secret"}""", ModelPurpose.Plan, "refuses the temperature 0. In agent.yaml, set models.plan.temperature: none,")]
    [InlineData("""{"message":"Unsupported value: 'temperature' does not support 0 secret"}""", ModelPurpose.Answer, "models.answer.temperature: none (or models.plan, if models.answer is left out)")]
    [InlineData("""{"param":"max_completion_tokens"}""", ModelPurpose.Plan, "'max_completion_tokens' (77). In agent.yaml, lower models.plan.max_output_tokens")]
    [InlineData("""{"param":null,"message":"Unknown parameter: \"max_completion_tokens\" secret"}""", ModelPurpose.Plan, "models.plan.max_output_tokens")]
    [InlineData("""{"param":"response_format.json_schema"}""", ModelPurpose.Classify, "or in agent.yaml models.classify.deployment")]
    [InlineData("""{"param":"messages","message":"secret"}""", ModelPurpose.Plan, "refused the request's 'messages' (400")]
    [InlineData("""{"message":"temperature of the secret"}""", ModelPurpose.Plan, "refused the request (400")]
    public async Task ARefusedMemberOfTheRequest_NamesTheKeyToChange(string error, ModelPurpose purpose, string advice)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => new FakeChatReply(400, $$"""{"error":{{error}}}"""));

        var failed = Assert.IsType<ChatResult.Failed>(
            await Model(endpoint.BaseAddress).CompleteAsync(WireRequests.Plan() with { Purpose = purpose }, CancellationToken.None));

        Assert.Equal(ChatFailureKind.InvalidRequest, failed.Kind);
        Assert.Contains(advice, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(null)]
    [InlineData(0d)]
    [InlineData(0.7)]
    public async Task NoTemperature_IsLeftOutOfTheRequest(double? temperature)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => Whole);

        await Model(endpoint.BaseAddress).CompleteAsync(WireRequests.Plan() with { Temperature = temperature }, CancellationToken.None);

        var sent = Assert.Single(endpoint.Calls).Body.TryGetProperty("temperature", out var value) ? Math.Round(value.GetDouble(), 3) : (double?)null;
        Assert.Equal(temperature, sent);
    }

    [Fact]
    public void WithoutATemperature_NothingIsAnsweredFromMemory()
    {
        var cache = new AnswerCache(TimeProvider.System);
        var answer = new ChatResult.Completed("a", new ChatUsage(1, 0, 1));

        cache.Keep(WireRequests.Plan() with { Temperature = null }, answer);
        cache.Keep(WireRequests.Plan(), answer);

        Assert.Null(cache.Find(WireRequests.Plan() with { Temperature = null }));
        Assert.Same(answer, cache.Find(WireRequests.Plan()));
    }

    [Fact(Timeout = Timeout)]
    public async Task NobodyListening_IsUnavailable_AndNotBilled()
    {
        using var free = new TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var address = new Uri($"http://{free.LocalEndpoint}/v1/");
        free.Stop();

        var failed = Assert.IsType<ChatResult.Failed>(await Model(address).CompleteAsync(WireRequests.Plan(), CancellationToken.None));

        Assert.Equal((ChatFailureKind.Unavailable, false), (failed.Kind, failed.Billed));
    }

    [Fact(Timeout = Timeout)]
    public async Task AnAnswer_CarriesUsageModelRequestIdAndFinishReason()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => Whole);

        var completed = Assert.IsType<ChatResult.Completed>(await Model(endpoint.BaseAddress).CompleteAsync(WireRequests.Plan(), CancellationToken.None));

        Assert.Equal(new ChatUsage(120, 20, 30), completed.Usage);
        Assert.Equal(("gpt-4.1-mini-2025-04-14", FakeChatReply.RequestId, "Stop"), (completed.Model, completed.RequestId, completed.FinishReason));
    }

    [Fact(Timeout = Timeout)]
    public async Task ARequest_HoldsTheModelToTheStrictSchemaOfItsTools()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => Whole);

        await Model(endpoint.BaseAddress).CompleteAsync(WireRequests.Plan(), CancellationToken.None);

        var call = Assert.Single(endpoint.Calls);
        Assert.Equal("/v1/chat/completions", call.Path);
        Assert.Equal("Bearer key-1", call.Headers["Authorization"]);
        Assert.Equal(77, call.Body.GetProperty("max_completion_tokens").GetInt32());
        var format = call.Body.GetProperty("response_format").GetProperty("json_schema");
        Assert.True(format.GetProperty("strict").GetBoolean());
        Assert.Contains("get_order", format.GetProperty("schema").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("Looks one order up.", call.Messages[1], StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task TheCallersCancellation_IsNoFailureOfTheModel()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => Whole with { Delay = TimeSpan.FromSeconds(30) });
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Model(endpoint.BaseAddress).CompleteAsync(WireRequests.Plan(), cancelled.Token));
    }

    private static FakeChatReply Reply(string name) => name switch
    {
        "429" => FakeChatReply.Error(429),
        "429 after 2 s" => FakeChatReply.Error(429, "rate_limit_exceeded", retryAfter: "2"),
        "429 after 1500 ms" => FakeChatReply.Error(429) with { Headers = new Dictionary<string, string> { ["retry-after-ms"] = "1500", ["Retry-After"] = "2" } },
        "429 after a date" => FakeChatReply.Error(429) with
        {
            Headers = new Dictionary<string, string> { ["Retry-After"] = "Fri, 20 Nov 2026 10:01:30 GMT", ["Date"] = "Fri, 20 Nov 2026 10:00:00 GMT" },
        },
        "429 after nonsense" => FakeChatReply.Error(429, retryAfter: "-5"),
        "429 out of quota" => FakeChatReply.Error(429, "insufficient_quota"),
        "503 after 7 s" => FakeChatReply.Error(503, retryAfter: "7"),
        "400 content filter" => FakeChatReply.Error(400, "content_filter"),
        "400 context length" => FakeChatReply.Error(400, "context_length_exceeded"),
        "400 in HTML" => new FakeChatReply(400, "<html>content_filter</html>"),
        "200 content filter" => FakeChatReply.Text("", finishReason: "content_filter"),
        "200 refusal" => FakeChatReply.Text(null, refusal: "I will not."),
        "200 cut off" => Whole with { CutAfter = 40 },
        "200 half the JSON" => Whole with { Body = Whole.Body[..80] },
        "200 in HTML" => new FakeChatReply(200, "<html></html>"),
        "200 empty" => new FakeChatReply(200, ""),
        "200 no choices" => new FakeChatReply(200, "{}"),
        "too late" => Whole with { Delay = TimeSpan.FromSeconds(20) },
        _ => FakeChatReply.Error(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)),
    };

    private static ChatClientModel Model(Uri address) => ChatClients.Create(new ModelEndpoint(address, "key-1", ModelProvider.OpenAI), "gpt-4.1-mini");
}
