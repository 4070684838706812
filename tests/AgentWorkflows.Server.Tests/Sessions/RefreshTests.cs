using System.Text.Json;
using AgentWorkflows.Engine;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.TestSupport.Chat;
using AgentWorkflows.Words;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>When a conversation is replaced by the record: contradicted facts, outputs of no use, age.</summary>
public sealed class RefreshTests
{
    private const int Timeout = 60_000;
    private const string Checkpoint = "turn 1, step look, get_order";

    [Fact(Timeout = Timeout)]
    public async Task AnAnswerThatContradictsTheRecord_IsNotGiven_TheModelReadsTheRecordAndTheError()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Number switch
        {
            1 => FakeChatReply.Plan(ModelWorld.Lookup() with { Reason = "A thought of turn one." }),
            2 => FakeChatReply.Plan(ModelWorld.Answer("Order 1043 is on its way.") with { ReliesOn = [Fact("order_id", 1043)] }),
            _ => FakeChatReply.Plan(ModelWorld.Answer("Order 1042 is on its way.") with { ReliesOn = [Fact("order_id", 1042)] }),
        });
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Completed, "Order 1042 is on its way."), (view.Status, view.Session.Progress.Answer));
        Assert.Equal(3, endpoint.Calls.Count);
        Assert.Contains("reliesOn", endpoint.Calls[0].Messages[0], StringComparison.Ordinal);
        var again = endpoint.Calls[2].Messages;
        Assert.Contains("is not 1043; it is 1042", again[^1], StringComparison.Ordinal);
        Assert.Contains(again, message => message.Contains(Checkpoint, StringComparison.Ordinal));
        Assert.DoesNotContain(again, message => message.Contains("A thought of turn one", StringComparison.Ordinal) || message.Contains("1043 is on its way", StringComparison.Ordinal));
        var timeline = await world.Store.ListTimelineAsync(view.Session.Id, 0, 100, default);
        Assert.Contains(timeline, entry => entry is { Kind: TimelineKind.Guard, Status: "checkpoint" } && entry.Title.Contains("contradicts what was recorded", StringComparison.Ordinal));
        Assert.Contains(timeline, entry => entry.Detail is { } detail && detail.TryGetProperty("trouble", out var trouble) && trouble.GetString() == "contradiction");
        Assert.Null((await ((EmbeddedEngine)world.Orchestrations).ReplayAsync(view.Session.Id))!.Divergence);
    }

    [Fact(Timeout = Timeout)]
    public async Task NothingOfAPlanThatContradictsTheRecord_Runs_AndTheSecondTimeTheSessionEndsByThatName()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => FakeChatReply.Plan(call.Number == 1
            ? ModelWorld.Lookup()
            : ModelWorld.Lookup(1050, "other") with { ReliesOn = [Fact("customer.name", "Nobody")] }));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.CompletedPartially, FailureCategory.Quality, "contradiction"), (view.Status, view.Failure!.Category, view.Failure.Type));
        Assert.Equal((3, 1), (endpoint.Calls.Count, view.Session.Progress.ToolCalls));
    }

    [Fact(Timeout = Timeout)]
    public async Task WhereFieldsAreNotLogged_AContradictionIsLoggedWithoutItsValues_AndTheModelIsToldThem()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => FakeChatReply.Plan(call.Number == 1
            ? ModelWorld.Lookup()
            : ModelWorld.Answer("It costs 99.17 USD.") with { ReliesOn = [Fact("total", 99.17)] }));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint), agent: agent => agent with
        {
            Tools = [.. agent.Tools.Select(tool => tool.Name == "get_order" ? tool with { LogFields = ["order_id"] } : tool)],
        });

        var view = await world.EndOfAsync(await world.StartSessionAsync("What does order 1042 cost?"));

        Assert.Equal(("contradiction", "reliesOn contradicts what was recorded; the transcript says where."), (view.Failure!.Type, view.Failure.Message));
        Assert.Contains("is not 99.17", endpoint.Calls[2].Messages[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(
            await world.Store.ListTimelineAsync(view.Session.Id, 0, 100, default),
            entry => (entry.Title + entry.Detail?.GetRawText()).Contains("99.17", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task ASecondContradiction_GoesToTheFallback()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => FakeChatReply.Plan(
            call.Number == 1 ? ModelWorld.Lookup()
            : call.Model == ModelWorld.Fallback ? ModelWorld.Answer("Known.")
            : ModelWorld.Answer("Wrong.") with { ReliesOn = [Fact("nothing", 1)] }));
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint), agent: ModelWorld.WithFallback);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.Completed, "Known."), (view.Status, view.Session.Progress.Answer));
        Assert.Equal([ModelWorld.Deployment, ModelWorld.Deployment, ModelWorld.Deployment, ModelWorld.Fallback], endpoint.Calls.Select(call => call.Model));
    }

    [Fact(Timeout = Timeout)]
    public async Task ASecondOutputThatIsNoPlan_IsFollowedByTheRecord_AndTheErrorAlone()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Number switch
        {
            1 => FakeChatReply.Plan(ModelWorld.Lookup()),
            2 or 3 => FakeChatReply.Text("I am confused."),
            _ => FakeChatReply.Plan(ModelWorld.Answer()),
        });
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Contains(endpoint.Calls[2].Messages, message => message.Contains("I am confused", StringComparison.Ordinal));
        Assert.DoesNotContain(endpoint.Calls[3].Messages, message => message.Contains("I am confused", StringComparison.Ordinal));
        Assert.Contains(endpoint.Calls[3].Messages, message => message.Contains(Checkpoint, StringComparison.Ordinal));
        Assert.Contains("refused", endpoint.Calls[3].Messages[^1], StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task AQualityBreakerThatStandsOpen_SendsTheRecordToTheFallback()
    {
        var health = new ModelHealth(TimeProvider.System, quality: new QualityOptions { BadToOpen = 1 });
        await using var endpoint = await FakeChatEndpoint.StartAsync(call =>
        {
            if (call.Number == 1)
            {
                return FakeChatReply.Plan(ModelWorld.Lookup() with { Steps = [ModelWorld.Lookup().Steps[0] with { SuccessCriteria = [new SuccessCriterion { Path = "nothing" }] }] });
            }
            return FakeChatReply.Plan(ModelWorld.Answer());
        });
        await using var world = await SessionWorld.StartAsync(
            ModelWorld.Models(endpoint), agent: ModelWorld.WithFallback, adjust: services => services.Replace(ServiceDescriptor.Singleton(health)));

        // One good and one bad output: half of all.
        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Equal([ModelWorld.Deployment, ModelWorld.Fallback], endpoint.Calls.Select(call => call.Model));
        Assert.Contains(endpoint.Calls[1].Messages, message => message.Contains(Checkpoint, StringComparison.Ordinal));
        Assert.Contains(
            await world.Store.ListTimelineAsync(view.Session.Id, 0, 100, default), entry => entry.Status == "checkpoint" && entry.Title.Contains("little use", StringComparison.Ordinal));
    }

    [Fact(Timeout = Timeout)]
    public async Task AtHalfItsAge_ASessionGoesOnFromTheRecord_Once()
    {
        var time = new ShiftedTime();
        await using var endpoint = await FakeChatEndpoint.StartAsync(call =>
        {
            if (call.Number == 4)
            {
                time.Shift(TimeSpan.FromMinutes(31));
            }
            return FakeChatReply.Plan(call.Number < 6
                ? ModelWorld.Lookup(1040 + call.Number, call.Number == 1 ? "look" : $"look-{call.Number}") with { Reason = $"Thought {call.Number}." }
                : ModelWorld.Answer());
        });
        await using var world = await SessionWorld.StartAsync(ModelWorld.Models(endpoint), time: time);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Look at many orders"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Contains(endpoint.Calls[3].Messages, message => message.Contains("Thought 1.", StringComparison.Ordinal));
        Assert.DoesNotContain(endpoint.Calls[4].Messages, message => message.Contains("Thought 3.", StringComparison.Ordinal));
        Assert.Contains(endpoint.Calls[4].Messages, message => message.Contains("Thought 4.", StringComparison.Ordinal));
        Assert.Contains(endpoint.Calls[4].Messages, message => message.Contains(Checkpoint, StringComparison.Ordinal));
        var refreshes = (await world.Store.ListTimelineAsync(view.Session.Id, 0, 200, default)).Where(entry => entry.Status == "checkpoint");
        Assert.Contains("s old", Assert.Single(refreshes).Title, StringComparison.Ordinal);
    }

    private static ReliedFact Fact(string path, object value) =>
        new() { Turn = 1, Step = "look", Path = path, Value = JsonSerializer.SerializeToElement(value) };
}
