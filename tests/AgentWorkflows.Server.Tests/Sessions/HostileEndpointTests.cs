using AgentWorkflows.Costs;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.TestSupport.Chat;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Sessions at an endpoint whose answers are not what they should be: what becomes of the work, and of the money.</summary>
public sealed class HostileEndpointTests
{
    private const int Timeout = 120_000;

    /// <summary>The session's cap is 0.50 USD; two calls of the bounds of their requests are far below.</summary>
    [Theory(Timeout = Timeout)]
    [InlineData("\"prompt_tokens\":1000", "\"prompt_tokens\":2000000000")]
    [InlineData("\"completion_tokens\":100", "\"completion_tokens\":2000000000")]
    public async Task AUsageThatCannotBe_IsChargedAtWhatTheRequestCanHaveCost_AndTold(string said, string claimed)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => Edited(ModelWorld.LookThenAnswer(call), said, claimed));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        var calls = (await world.Ledger.ListAsync(view.Session.Id, CancellationToken.None)).Where(entry => entry.Entry.Kind == CostKind.Model).ToList();
        Assert.Equal(2, calls.Count);
        Assert.All(calls, entry =>
        {
            Assert.True(entry.Actual!.InDoubt);
            Assert.Contains("more than the request can have had", entry.Actual.Disbelieved, StringComparison.Ordinal);
            Assert.InRange(entry.CostMicros, 1, entry.ReservedMicros);
        });
        Assert.Equal(view.Session.Progress.CostMicros, calls.Sum(entry => entry.CostMicros));
        Assert.Contains(await TimelineAsync(world, view), entry => entry.Detail?.GetRawText().Contains("The provider says that it counted", StringComparison.Ordinal) == true);
    }

    [Fact(Timeout = Timeout)]
    public async Task APlanWithoutUsage_AndWithoutAnEnding_IsUsed_AndChargedAtItsReservation()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call =>
            Edited(Edited(ModelWorld.LookThenAnswer(call), "\"usage\"", "\"useless\""), "\"finish_reason\":\"stop\"", "\"finish_reason\":null"));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Completed, 2), (view.Status, endpoint.Calls.Count));
        var ledger = await world.Ledger.ListAsync(view.Session.Id, CancellationToken.None);
        Assert.All(ledger.Where(entry => entry.Entry.Kind == CostKind.Model), entry => Assert.Equal((true, entry.ReservedMicros), (entry.Actual!.InDoubt, entry.CostMicros)));
        Assert.True(view.Session.Progress.Tokens > 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task AModelThatThinksUntilItsTokensAreGone_EndsWithTheKeyToChange()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(_ => FakeChatReply.Text("", finishReason: "length"));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Failed, view.Status);
        Assert.Contains("Raise models.plan.max_output_tokens in agent.yaml.", view.Failure!.Message, StringComparison.Ordinal);
        // For people: the model is told to be shorter.
        Assert.DoesNotContain(endpoint.Calls[^1].Messages, message => message.Contains("agent.yaml", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task ACallNamedByItsKey_Runs_AndIsShownToTheModelInTheSameWords()
    {
        const string named = """{"reason":"Look.","reliesOn":[],"steps":[{"id":"look","call":{"get_order":{"order_id":1042}},"successCriteria":[],"timeBudgetSeconds":null,"onFailure":"Replan","alternative":null,"undo":null}],"answer":null}""";
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Number == 1 ? FakeChatReply.Text(named) : FakeChatReply.Plan(ModelWorld.Answer()));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Contains(endpoint.Calls[1].Messages, message => message.Contains("\"call\":{\"get_order\":{\"order_id\":1042}}", StringComparison.Ordinal));
        Assert.Contains(endpoint.Calls[1].Messages, message => message.StartsWith("Tool result", StringComparison.Ordinal));
    }

    private static FakeChatReply Edited(FakeChatReply reply, string from, string to)
    {
        Assert.Contains(from, reply.Body, StringComparison.Ordinal);
        return reply with { Body = reply.Body.Replace(from, to, StringComparison.Ordinal) };
    }

    private static async Task<IReadOnlyList<TimelineEntry>> TimelineAsync(SessionWorld world, SessionView view) =>
        await world.Store.ListTimelineAsync(view.Session.Id, 0, 1000, CancellationToken.None);
}
