using AgentWorkflows.Models;
using AgentWorkflows.TestSupport.Chat;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Long conversations: what is summarized, what ends partially, what is answered from memory.</summary>
public sealed class ContextSessionTests
{
    private const int Timeout = 60_000;
    private const string Summary = "Orders 1041 and 1042 were looked up; both are paid.";

    [Fact(Timeout = Timeout)]
    public async Task AtThreeQuartersOfTheTokens_OlderTurnsAreSummarized_AndAtAllOfThem_TheSessionEndsPartially()
    {
        var turn = 0;
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Body.TryGetProperty("response_format", out var format)
            && format.GetProperty("type").GetString() == "json_schema"
            ? FakeChatReply.Plan(ModelWorld.Lookup(1040 + ++turn, $"look-{turn}") with { Reason = $"Order {turn}." }, new ChatUsage(13_000, 0, 50))
            : FakeChatReply.Text(Summary, new ChatUsage(500, 0, 20)));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Look at many orders"));

        Assert.Equal((SessionStatus.CompletedPartially, "max_tokens"), (view.Status, view.Failure!.Type));
        Assert.Equal(5, endpoint.Calls.Count);
        Assert.Equal((3 * 13_050) + 520 + 13_050, view.Session.Progress.Tokens);
        var last = endpoint.Calls[^1].Messages;
        Assert.Contains(last, message => message.Contains(Summary, StringComparison.Ordinal));
        Assert.DoesNotContain(last, message => message.Contains("look-2", StringComparison.Ordinal));
        Assert.Contains(last, message => message.Contains("look-3", StringComparison.Ordinal));
        var ledger = await world.Ledger.ListAsync(view.Session.Id, default);
        Assert.Equal(view.Session.Progress.CostMicros, ledger.Sum(entry => entry.CostMicros));
        Assert.Single(ledger, entry => entry.Entry.Purpose == "summarize");
    }

    [Fact(Timeout = Timeout)]
    public async Task AConversationTheModelCannotHold_IsReplacedByItsFacts_AndAskedAgain()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Number switch
        {
            1 => FakeChatReply.Plan(ModelWorld.Lookup()),
            2 => FakeChatReply.Error(400, "context_length_exceeded"),
            _ => FakeChatReply.Plan(ModelWorld.Answer()),
        });
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Contains("turn 1, step look, get_order", endpoint.Calls[2].Messages[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(endpoint.Calls[2].Messages, message => message.StartsWith("Tool result", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task AWindowTooSmall_IsSeenBeforeTheCall()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => FakeChatReply.Plan(ModelWorld.Answer()));
        await using var world = await SessionWorld.StartAsync(
            ModelWorld.Models(endpoint), agent: agent => ModelWorld.WithPlanRoute(agent, route => route with { WindowTokens = 1000 }));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Failed, "context_window"), (view.Status, view.Failure!.Type));
        Assert.Empty(endpoint.Calls);
    }

    [Fact(Timeout = Timeout)]
    public async Task IdenticalQuestions_OfARouteThatCaches_ArePaidOnce()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => ModelWorld.LookThenAnswer(call));
        await using var world = await SessionWorld.StartAsync(
            ModelWorld.Models(endpoint), agent: agent => ModelWorld.WithPlanRoute(agent, route => route with { Cache = true }));
        var first = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        var second = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Completed, 0L), (second.Status, second.Session.Progress.CostMicros));
        Assert.Equal(first.Session.Progress.Answer, second.Session.Progress.Answer);
        Assert.Equal(2, endpoint.Calls.Count);
        Assert.All(await world.Ledger.ListAsync(second.Session.Id, default), entry => Assert.Equal(0, entry.CostMicros));
        await world.EndOfAsync(await world.StartSessionAsync("Where is order 1043?"));
        Assert.Equal(4, endpoint.Calls.Count);
    }

    [Fact(Timeout = Timeout)]
    public async Task AnAnswerFromMemory_IsNoNewerThanItsQuestion_HoweverOftenItIsUsed()
    {
        var clock = new ShiftedTime();
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => FakeChatReply.Plan(ModelWorld.Answer()));
        await using var world = await SessionWorld.StartAsync(
            ModelWorld.Models(endpoint), agent: agent => ModelWorld.WithPlanRoute(agent, route => route with { Cache = true }), time: clock);
        await world.EndOfAsync(await world.StartSessionAsync("What can you do?"));
        clock.Shift(TimeSpan.FromMinutes(40));
        await world.EndOfAsync(await world.StartSessionAsync("What can you do?"));
        Assert.Single(endpoint.Calls);
        clock.Shift(TimeSpan.FromMinutes(40));

        await world.EndOfAsync(await world.StartSessionAsync("What can you do?"));

        Assert.Equal(2, endpoint.Calls.Count);
    }
}
