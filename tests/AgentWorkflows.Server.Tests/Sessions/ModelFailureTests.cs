using System.Diagnostics;
using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.TestSupport.Chat;
using AgentWorkflows.Words;
using Xunit;
using Xunit.Abstractions;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Models that fail on the wire, and what becomes of the sessions that asked them.</summary>
public sealed class ModelFailureTests(ITestOutputHelper output)
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task AStormOf429s_IsWaitedOutByAHundredSessions_EachCallInItsTime_TheLedgerExact()
    {
        const int sessions = 100;
        var wait = TimeSpan.FromSeconds(2);
        var throttled = new List<FakeChatCall>();
        var billed = new List<ChatUsage>();
        await using var endpoint = await FakeChatEndpoint.StartAsync(call =>
        {
            if (call.Number % 3 == 0)
            {
                throttled.Add(call);
                return FakeChatReply.Error(429, retryAfter: "2");
            }
            var usage = new ChatUsage(1000 + call.Number, call.Number % 7, 100 + (call.Number % 13));
            billed.Add(usage);
            return ModelWorld.LookThenAnswer(call, usage);
        });
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));
        var started = Stopwatch.GetTimestamp();

        var ids = await Task.WhenAll(Enumerable.Range(0, sessions).Select(i => world.StartSessionAsync($"Where is order 1042? (asked by customer {i})")));
        var views = await Task.WhenAll(ids.Select(world.EndOfAsync));

        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"{sessions} sessions, {endpoint.Calls.Count} calls, {throttled.Count} throttled, {took.TotalSeconds:0.0} s");
        Assert.All(views, view => Assert.Equal(SessionStatus.Completed, view.Status));
        Assert.True(throttled.Count >= 60);
        AssertNoneTooEarly(endpoint.Calls, throttled, wait);
        // Held one after the other on the host's activity workers, the waits alone would take longer.
        Assert.True(took < wait * throttled.Count / 4, $"It took {took}.");
        await AssertExactAsync(world, ids, billed);
    }

    [Fact(Timeout = Timeout)]
    public async Task AnAnswerThatIsNoPlan_IsRepairedOnce_ThenTheFallbackIsAsked()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model == ModelWorld.Fallback
            ? ModelWorld.LookThenAnswer(call)
            : FakeChatReply.Text("I think I should look the order up."));
        await using var world = await StartWithFallbackAsync(endpoint);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Equal([ModelWorld.Deployment, ModelWorld.Deployment, ModelWorld.Fallback], endpoint.Calls.Take(3).Select(call => call.Model));
        Assert.Contains("refused", endpoint.Calls[1].Messages[^1], StringComparison.Ordinal);
        Assert.Contains("I think I should", endpoint.Calls[1].Messages[^2], StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task AWaitBetweenAnErrorAndItsRepair_DoesNotMakeTheModelForgetTheError()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Number switch
        {
            1 => FakeChatReply.Text("I think I should look the order up."),
            2 => FakeChatReply.Error(429) with { Headers = new Dictionary<string, string> { ["retry-after-ms"] = "50" } },
            _ => FakeChatReply.Plan(ModelWorld.Answer()),
        });
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Contains("refused", endpoint.Calls[2].Messages[^1], StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(401, 1)]
    [InlineData(404, 1)]
    public async Task ADeploymentThatWillNotAnswer_IsLeftForItsFallbackAtOnce(int status, int attempts)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call =>
            call.Model == ModelWorld.Fallback ? ModelWorld.LookThenAnswer(call) : FakeChatReply.Error(status));
        await using var world = await StartWithFallbackAsync(endpoint);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Equal(2 * attempts, endpoint.Calls.Count(call => call.Model == ModelWorld.Deployment));
        var ledger = await world.Ledger.ListAsync(view.Session.Id, CancellationToken.None);
        Assert.Equal(view.Session.Progress.CostMicros, ledger.Sum(entry => entry.CostMicros));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFallbackOnAnotherEndpoint_OfTheRouteOrOfTheHost_HasItsOwnKeyPriceAndBreaker(bool ofTheRoute)
    {
        const string elsewhere = "west/" + ModelWorld.Deployment;
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => FakeChatReply.Error(401));
        await using var west = await FakeChatEndpoint.StartAsync(call => ModelWorld.LookThenAnswer(call));
        await using var world = await SessionWorld.StartAsync(
            ModelWorld.Models(endpoint, west, ofTheRoute ? null : elsewhere),
            agent: agent => ofTheRoute ? ModelWorld.WithPlanRoute(agent, route => route with { Fallback = elsewhere }) : agent);
        for (var i = 0; i < 3; i++)
        {
            await world.EndOfAsync(await world.StartSessionAsync($"Where is order 1042? ({i})"));
        }

        var last = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042? (last)"));

        Assert.Equal(SessionStatus.Completed, last.Status);
        Assert.Equal((5, 8), (endpoint.Calls.Count, west.Calls.Count));
        Assert.All(west.Calls, call => Assert.Equal((ModelWorld.Deployment, "Bearer key-west"), (call.Model, call.Headers["Authorization"])));
        Assert.Equal([ModelWorld.Deployment], world.Service<ModelHealth>().Calls.Unhealthy.Keys);
        var ledger = await world.Ledger.ListAsync(last.Session.Id, CancellationToken.None);
        Assert.Equal(2, ledger.Count(entry => entry is { Entry.Subject: elsewhere, CostMicros.Value: > 0 }));
    }

    [Fact(Timeout = Timeout)]
    public async Task AHostsFallbackWithoutAPrice_IsNotAsked_AndDoesNotHideWhatHappened()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => FakeChatReply.Error(401));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint, endpoint, "west/gpt-9"));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Failed, "model_unauthorized"), (view.Status, view.Failure!.Type));
        Assert.Single(endpoint.Calls);
    }

    [Fact(Timeout = Timeout)]
    public async Task WithNoFallback_AfterAResult_ThePartialAnswerIsKept()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Number == 1 ? ModelWorld.LookThenAnswer(call) : FakeChatReply.Error(401));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.CompletedPartially, "model_unauthorized"), (view.Status, view.Failure!.Type));
        Assert.Equal(FailureCategory.System, view.Failure.Category);
        Assert.Contains("get_order", view.Session.Progress.Answer, StringComparison.Ordinal);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(400, "content_filter", "model_content_filter", FailureCategory.Quality)]
    [InlineData(400, "context_length_exceeded", "model_context_length", FailureCategory.Context)]
    [InlineData(400, "bad", "model_invalid_request", FailureCategory.System)]
    [InlineData(429, "insufficient_quota", "model_quota_exhausted", FailureCategory.System)]
    public async Task AFailureThatNoAttemptCanHelp_EndsTheSessionAfterOneCall_ByItsName(int status, string code, string type, FailureCategory category)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => FakeChatReply.Error(status, code));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Failed, type, category), (view.Status, view.Failure!.Type, view.Failure.Category));
        Assert.Single(endpoint.Calls);
        Assert.All(await world.Ledger.ListAsync(view.Session.Id, CancellationToken.None), entry => Assert.Equal(LedgerEntryStatus.Released, entry.Status));
    }

    [Fact(Timeout = Timeout)]
    public async Task FiveFailures_OpenTheBreakerForAllSessions_WhichThenSpendNothingOnTheDeployment()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call =>
            call.Model == ModelWorld.Fallback ? ModelWorld.LookThenAnswer(call) : FakeChatReply.Error(401));
        await using var world = await StartWithFallbackAsync(endpoint);
        for (var i = 0; i < 3; i++)
        {
            await world.EndOfAsync(await world.StartSessionAsync($"Where is order 1042? ({i})"));
        }

        var last = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042? (last)"));

        Assert.Equal(SessionStatus.Completed, last.Status);
        Assert.Equal(5, endpoint.Calls.Count(call => call.Model == ModelWorld.Deployment));
        Assert.Equal(BreakerPhase.Open, world.Service<ModelHealth>().Calls.Unhealthy[ModelWorld.Deployment].Phase);
        var timeline = await world.Store.ListTimelineAsync(last.Session.Id, 0, 100, CancellationToken.None);
        Assert.Contains(timeline, entry => entry.Title.Contains("breaker is open", StringComparison.Ordinal));
    }

    private static Task<SessionWorld> StartWithFallbackAsync(FakeChatEndpoint endpoint) =>
        SessionWorld.StartAsync(ModelWorld.Models(endpoint), agent: ModelWorld.WithFallback);

    private static void AssertNoneTooEarly(IReadOnlyList<FakeChatCall> calls, IEnumerable<FakeChatCall> throttled, TimeSpan wait)
    {
        static string Goal(FakeChatCall call) => call.Messages.First(message => message.Contains("asked by customer", StringComparison.Ordinal));
        var bySession = calls.GroupBy(Goal).ToDictionary(group => group.Key, group => group.OrderBy(call => call.Number).ToList());
        Assert.All(throttled, call =>
        {
            var next = bySession[Goal(call)].First(later => later.Number > call.Number);
            Assert.True(next.At - call.At >= wait, $"Call {next.Number} came {next.At - call.At} after call {call.Number} was told to wait {wait}.");
        });
    }

    private static async Task AssertExactAsync(SessionWorld world, IEnumerable<string> ids, IEnumerable<ChatUsage> billed)
    {
        var price = world.Service<IAgentCatalog>().Find("order-desk")!.Prices[ModelWorld.Deployment];
        var settled = Micros.Zero;
        foreach (var id in ids)
        {
            var entries = await world.Ledger.ListAsync(id, CancellationToken.None);
            Assert.All(entries, entry => Assert.NotEqual(LedgerEntryStatus.Reserved, entry.Status));
            settled += entries.Where(entry => entry.Entry.Kind == CostKind.Model).Sum(entry => entry.CostMicros);
        }
        Assert.Equal(billed.Sum(usage => Pricing.Cost(price, usage)), settled);
    }
}
