using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.TestSupport.Chat;
using Xunit;

namespace AgentWorkflows.Tests.Connectors.Chat;

/// <summary>Every kind of answer in <see cref="EndpointAnswers"/>, on the wire, against the real client.</summary>
public sealed class EndpointAnswersTests
{
    private const int Hang = 60_000;
    private const long Held = 1_000_000;

    /// <summary>One micro-USD an input token, half of that cached, two an output token.</summary>
    private static readonly ModelPrice Price = new() { InputMicrosPerMillion = 1_000_000, CachedInputMicrosPerMillion = 500_000, OutputMicrosPerMillion = 2_000_000, SheetVersion = "test" };

    public static TheoryData<string> Names() => [.. EndpointAnswers.All.Select(answer => answer.Name)];

    [Fact]
    public void TheTable_HasAtLeastAHundredKinds_EachOnce()
    {
        Assert.InRange(EndpointAnswers.All.Count, 130, 1000);
        Assert.Equal(EndpointAnswers.All.Count, EndpointAnswers.All.DistinctBy(answer => answer.Name).Count());
    }

    [Theory(Timeout = Hang)]
    [MemberData(nameof(Names))]
    public async Task EachAnswer_IsWhatTheTableSays_AndChargedSo(string name)
    {
        var expected = EndpointAnswers.All.Single(answer => answer.Name == name);
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => expected.Reply);
        var settings = new ModelEndpoint(endpoint.BaseAddress, "key-1", ModelProvider.OpenAI) { AddressSetting = "THE_ADDRESS", KeySetting = "THE_KEY", SchemasSetting = "THE_SCHEMAS" };
        var request = WireRequests.Plan();

        var result = await ChatClients.Create(settings, "gpt-4.1-mini").CompleteAsync(request, CancellationToken.None);

        var charge = ModelCharge.Of(Price, request, result, Held);
        Assert.Equal(Expected(expected.Charged, request, charge.Actual), (charge.Actual?.CostMicros ?? 0, charge.Actual?.InDoubt ?? false));
        Assert.Equal(expected.Kind, (result as ChatResult.Failed)?.Kind);
        Assert.Equal(expected.RetryAfter, (result as ChatResult.Failed)?.RetryAfter?.TotalSeconds);
        if (result is ChatResult.Completed completed)
        {
            Assert.Equal(expected.IsPlan, PlanParser.Parse(completed.Text) is ParsedPlan.Valid);
        }
        var told = $"{(result as ChatResult.Failed)?.Message} {(result as ChatResult.Completed)?.Note} {charge.Disbelieved}";
        Assert.Contains(expected.Told ?? "", told, StringComparison.Ordinal);
        // Neither what the endpoint says, which may quote the prompt, nor the key.
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
        Assert.DoesNotContain("key-1", told, StringComparison.Ordinal);
        Assert.Single(endpoint.Calls);
    }

    [Fact(Timeout = Hang)]
    public async Task ARetryAfterThatIsADate_IsCountedFromHere_WhereTheAnswerHasNoClock()
    {
        using var transport = new Fixed(() =>
        {
            var response = new HttpResponseMessage(System.Net.HttpStatusCode.TooManyRequests) { Content = new StringContent("") };
            response.Headers.TryAddWithoutValidation("Retry-After", "Fri, 20 Nov 2026 10:01:30 GMT");
            return response;
        });
        var model = ChatClients.Create(new ModelEndpoint(new Uri("https://a.example/v1/"), "k", ModelProvider.OpenAI), "m", new Clock(), transport);

        var failed = Assert.IsType<ChatResult.Failed>(await model.CompleteAsync(WireRequests.Plan(), CancellationToken.None));

        Assert.Equal(TimeSpan.FromSeconds(90), failed.RetryAfter);
    }

    private static (long Micros, bool InDoubt) Expected(Charged charged, ChatRequest request, CostActual? actual) => charged switch
    {
        Charged.Nothing => (0, false),
        // (120 − 20) × 1 + 20 × 0.5 + 30 × 2; rows with other counts cost the same.
        Charged.Usage => (170, false),
        Charged.Reservation => (Held, true),
        Charged.Bound => (Bound(request, actual!), true),
        _ => throw new ArgumentOutOfRangeException(nameof(charged), charged, null),
    };

    /// <summary>Neither count is above what the request can have had, and at least one stands at it.</summary>
    private static long Bound(ChatRequest request, CostActual actual)
    {
        var most = InputBound.Of(request).Total;
        Assert.InRange(actual.InputTokens, 1, most);
        Assert.InRange(actual.OutputTokens, 1, request.MaxOutputTokens);
        Assert.True(actual.InputTokens == most || actual.OutputTokens == request.MaxOutputTokens);
        return actual.InputTokens + (2 * actual.OutputTokens);
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
    }

    private sealed class Fixed(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
