using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Engine;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Sessions;
using AgentWorkflows.TestSupport.Chat;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Answers written by a deployment of their own, and what becomes of a session when that fails: never less than the planner's draft.</summary>
public sealed class AnswerRouteTests
{
    private const int Timeout = 60_000;
    private const string Writer = "gpt-4o-mini";
    private const string Draft = "Order 1042 is paid.";
    private const string Written = "Your order 1042 has been paid for.";

    [Fact(Timeout = Timeout)]
    public async Task AnAnswerRouteOfItsOwn_WritesTheAnswer_FromGoalFactsAndDraft_AsAPricedCall()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model == Writer ? FakeChatReply.Text(Written, new ChatUsage(300, 0, 20)) : Plan(call));
        await using var world = await StartAsync(endpoint);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Completed, Written), (view.Status, view.Session.Progress.Answer));
        var asked = Assert.Single(endpoint.Calls, call => call.Model == Writer);
        Assert.False(asked.Body.TryGetProperty("response_format", out _));
        Assert.Contains("<data id=", asked.Messages[^1], StringComparison.Ordinal);
        Assert.All(["Where is order 1042?", Draft, "get_order", "payment_status"], text => Assert.Contains(text, asked.Messages[^1], StringComparison.Ordinal));
        var ledger = await world.Ledger.ListAsync(view.Session.Id, default);
        var entry = Assert.Single(ledger, entry => entry.Entry.Purpose == "answer");
        Assert.Equal(($"{view.Session.Id}/2/answer/1", Writer, LedgerEntryStatus.Settled), (entry.Entry.Id, entry.Entry.Subject, entry.Status));
        Assert.Equal(view.Session.Progress.CostMicros, ledger.Sum(each => each.CostMicros));
        Assert.Contains(await TimelineAsync(world, view), each => each is { Status: "answer", Tokens: 320 });
        var transcript = await world.Service<SessionInspector>().TranscriptAsync(view.Session.Id, int.MaxValue, default);
        Assert.Equal(Written, transcript.Turns[^1].Plan!.Plan.Answer);
        Assert.Null((await ((EmbeddedEngine)world.Orchestrations).ReplayAsync(view.Session.Id))!.Divergence);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("401", "refused the key")]
    [InlineData("500", "not available (500")]
    [InlineData("filter", "content filter")]
    [InlineData("cut", "cut off")]
    [InlineData("empty", "empty")]
    [InlineData("card", "card number")]
    [InlineData("mail", "e-mail address")]
    public async Task WhateverGoesWrong_ThePlannersDraftStands_AndTheTimelineSaysWhy(string trouble, string because)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model != Writer ? Plan(call) : trouble switch
        {
            "filter" => FakeChatReply.Error(400, "content_filter"),
            "cut" => FakeChatReply.Text(Written[..20], finishReason: "length"),
            "empty" => FakeChatReply.Text("  "),
            "card" => FakeChatReply.Text("Paid with card 4111 1111 1111 1111."),
            "mail" => FakeChatReply.Text("Write to boss@elsewhere.example."),
            _ => FakeChatReply.Error(int.Parse(trouble, System.Globalization.CultureInfo.InvariantCulture)),
        });
        await using var world = await StartAsync(endpoint, agent => agent with { Screening = new ScreeningPolicy { Output = OutputPolicy.Refuse } });

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Completed, Draft), (view.Status, view.Session.Progress.Answer));
        Assert.Null(view.Failure);
        Assert.Contains(because, Assert.Single(await TimelineAsync(world, view), entry => entry.Status == "draft").Title, StringComparison.Ordinal);
        Assert.Single(endpoint.Calls, call => call.Model == Writer);
        Assert.Equal(view.Session.Progress.CostMicros, (await world.Ledger.ListAsync(view.Session.Id, default)).Sum(entry => entry.CostMicros));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("retry-after-ms", "80", Written, 2)]
    [InlineData("Retry-After", "31", Draft, 1)]
    public async Task AShortWait_IsWaitedOutOnce_ALongOneIsNot(string header, string value, string answer, int calls)
    {
        var asked = 0;
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model != Writer ? Plan(call)
            : ++asked == 1 ? FakeChatReply.Error(429) with { Headers = new Dictionary<string, string> { [header] = value } }
            : FakeChatReply.Text(Written));
        await using var world = await StartAsync(endpoint);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Completed, answer), (view.Status, view.Session.Progress.Answer));
        var made = endpoint.Calls.Where(call => call.Model == Writer).ToList();
        Assert.Equal(calls, made.Count);
        Assert.True(calls == 1 || made[1].At - made[0].At >= TimeSpan.FromMilliseconds(80));
    }

    [Fact(Timeout = Timeout)]
    public async Task ARestartDuringTheWait_LosesNeitherTheAnswerNorItsPrice()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var endpoint = await FakeChatEndpoint.StartAsync(call =>
        {
            if (call.Model != Writer)
            {
                return Plan(call);
            }
            return asked.TrySetResult() ? FakeChatReply.Error(429, retryAfter: "1") : FakeChatReply.Text(Written);
        });
        await using var world = await StartAsync(endpoint);
        var id = await world.StartSessionAsync("Where is order 1042?");
        await asked.Task;

        await world.RestartAsync();
        var view = await world.EndOfAsync(id);

        Assert.Equal((SessionStatus.Completed, Written), (view.Status, view.Session.Progress.Answer));
        var ledger = await world.Ledger.ListAsync(id, default);
        Assert.Equal(view.Session.Progress.CostMicros, ledger.Sum(entry => entry.CostMicros));
        Assert.All(ledger, entry => Assert.NotEqual(LedgerEntryStatus.Reserved, entry.Status));
    }

    [Fact(Timeout = Timeout)]
    public async Task ASecond429_LeavesTheDraft()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model != Writer ? Plan(call)
            : FakeChatReply.Error(429) with { Headers = new Dictionary<string, string> { ["retry-after-ms"] = "20" } });
        await using var world = await StartAsync(endpoint);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Completed, Draft), (view.Status, view.Session.Progress.Answer));
        Assert.Equal(["retry", "draft"], (await TimelineAsync(world, view)).Where(entry => entry.Key.Contains("/answer/", StringComparison.Ordinal)).Select(entry => entry.Status));
    }

    [Fact(Timeout = Timeout)]
    public async Task AtALimit_NothingMoreIsAsked_AndTheDraftIsTheAnswer()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model == Writer ? FakeChatReply.Text(Written) : Plan(call));
        await using var world = await StartAsync(endpoint);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?", new RequestedLimits { MaxTokens = 2200 }));

        Assert.Equal((SessionStatus.Completed, Draft), (view.Status, view.Session.Progress.Answer));
        Assert.DoesNotContain(endpoint.Calls, call => call.Model == Writer);
        Assert.Contains(await TimelineAsync(world, view), entry => entry.Status == "draft" && entry.Title.Contains("2200 tokens", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task TheSameRouteForBoth_AsksNobodyTwice()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(Plan);
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((Draft, 2), (view.Session.Progress.Answer, endpoint.Calls.Count));
    }

    private static Task<SessionWorld> StartAsync(FakeChatEndpoint endpoint, Func<AgentDefinition, AgentDefinition>? agent = null) => SessionWorld.StartAsync(
        ModelWorld.Models(endpoint), agent: definition => (agent ?? (same => same))(ModelWorld.WithRoute(definition, ModelPurpose.Answer, route => route with { Deployment = Writer })));

    private static FakeChatReply Plan(FakeChatCall call) => FakeChatReply.Plan(
        call.Messages.Any(message => message.StartsWith("Tool result", StringComparison.Ordinal)) ? ModelWorld.Answer(Draft) : ModelWorld.Lookup());

    private static async Task<IReadOnlyList<TimelineEntry>> TimelineAsync(SessionWorld world, SessionView view) =>
        await world.Store.ListTimelineAsync(view.Session.Id, 0, 100, default);
}
