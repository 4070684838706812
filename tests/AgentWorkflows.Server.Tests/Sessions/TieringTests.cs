using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Engine;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Server.Cli;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.TestSupport.Chat;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Goals that are judged simple are planned on a cheaper deployment, for as long as nothing speaks against it.</summary>
public sealed class TieringTests
{
    private const int Timeout = 60_000;
    private const string Usual = ModelWorld.Deployment;
    private const string Cheap = "gpt-4o-mini";
    private const string Judge = "gpt-4.1";
    private const string Simple = """{"difficulty":"simple"}""";

    [Fact(Timeout = Timeout)]
    public async Task ASimpleGoal_IsPlannedOnTheCheapDeployment_AsLedgerTimelineAndSavingsSay()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model == Judge
            ? FakeChatReply.Text(Simple, new ChatUsage(200, 0, 6))
            : ModelWorld.LookThenAnswer(call));
        await using var world = await StartAsync(endpoint);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Equal([Judge, Cheap, Cheap], endpoint.Calls.Select(call => call.Model));
        AssertAskedWell(endpoint.Calls[0]);
        var ledger = await world.Ledger.ListAsync(view.Session.Id, default);
        Assert.Contains(ledger, entry => entry.Entry.Id == $"{view.Session.Id}/0/classify/1" && entry.Entry.Purpose == "classify" && entry.CostMicros > 0);
        Assert.Equal(view.Session.Progress.CostMicros, ledger.Sum(entry => entry.CostMicros));
        var savings = RoutingSavings.Of(ledger, Agent(world), world.Service<IChatModelCatalog>().Resolve)!;
        Assert.True(savings.SavedMicros > 0 && savings.DearestModel == Judge, $"{savings}");
        await using var local = new LocalData(world.Services, "agentworkflows");
        var told = (await local.GetLedgerAsync(view.Session.Id, default))!.Savings!;
        Assert.Equal((savings.DearestModel, savings.SavedMicros.Usd, 0), (told.DearestModel, told.SavedUsd, told.CacheHits));
        Assert.Contains(await world.Store.ListTimelineAsync(view.Session.Id, 0, 100, default), entry => entry.Title.Contains($"judged simple: {Cheap} plans", StringComparison.Ordinal));
        Assert.Null((await ((EmbeddedEngine)world.Orchestrations).ReplayAsync(view.Session.Id))!.Divergence);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("""{"difficulty":"complex"}""")]
    [InlineData("""{"difficulty":"easy"}""")]
    [InlineData("""{"difficulty":"simple","note":"x"}""")]
    [InlineData("simple")]
    [InlineData("401")]
    [InlineData("429")]
    [InlineData("500")]
    public async Task AnyOtherAnswer_OrNone_MeansComplex(string answer)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model != Judge ? ModelWorld.LookThenAnswer(call)
            : int.TryParse(answer, out var status) ? FakeChatReply.Error(status, retryAfter: "1")
            : FakeChatReply.Text(answer));
        await using var world = await StartAsync(endpoint);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Equal([Judge, Usual, Usual], endpoint.Calls.Select(call => call.Model));
        Assert.Equal(view.Session.Progress.CostMicros, (await world.Ledger.ListAsync(view.Session.Id, default)).Sum(entry => entry.CostMicros));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("invalid", new[] { Judge, Cheap, Usual, Usual })]
    [InlineData("401", new[] { Judge, Cheap, Usual, Usual })]
    [InlineData("400", new[] { Judge, Cheap, Usual, Usual })]
    [InlineData("criteria", new[] { Judge, Cheap, Usual })]
    public async Task WhatSpeaksAgainstIt_MovesTheSessionToTheOrdinaryDeploymentForTheRest(string trouble, string[] models)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => (call.Model, trouble) switch
        {
            (Judge, _) => FakeChatReply.Text(Simple),
            (Cheap, "invalid") => FakeChatReply.Text("I would look it up."),
            (Cheap, "criteria") => FakeChatReply.Plan(Unmet()),
            (Cheap, _) => FakeChatReply.Error(int.Parse(trouble, System.Globalization.CultureInfo.InvariantCulture)),
            _ => ModelWorld.LookThenAnswer(call),
        });
        await using var world = await StartAsync(endpoint);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Equal(models, endpoint.Calls.Select(call => call.Model));
    }

    [Fact(Timeout = Timeout)]
    public async Task TheOrdinaryDeployment_HasItsOwnFallback_InTheSamePlan()
    {
        const string last = "gpt-4o";
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model switch
        {
            Judge => FakeChatReply.Text(Simple),
            last => FakeChatReply.Plan(ModelWorld.Answer()),
            _ => FakeChatReply.Error(401),
        });
        await using var world = await StartAsync(endpoint, fallback: last);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Equal([Judge, Cheap, Usual, last], endpoint.Calls.Select(call => call.Model));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task AFork_JudgesTheGoalItself_AndPaysForIt(int turn)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(call => call.Model == Judge ? FakeChatReply.Text(Simple) : ModelWorld.LookThenAnswer(call));
        await using var world = await StartAsync(endpoint);
        var source = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        var forked = Assert.IsType<AgentWorkflows.Sessions.ForkOutcome.Started>(await world.Forks.ForkAsync(source.Session.Id, new ForkRequest(turn, null), default));
        var view = await world.EndOfAsync(forked.SessionId);

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Equal(2, endpoint.Calls.Count(call => call.Model == Judge));
        var ledger = await world.Ledger.ListAsync(forked.SessionId, default);
        Assert.Contains(ledger, entry => entry.Entry.Id == $"{forked.SessionId}/{turn}/classify/1");
        Assert.Equal(view.Session.Progress.CostMicros, ledger.Sum(entry => entry.CostMicros));
    }

    [Fact(Timeout = Timeout)]
    public async Task TheOfflinePlaybook_JudgesNothing()
    {
        var model = ScriptedChatModel.ByTurn(ModelWorld.Lookup(), ModelWorld.Answer());
        await using var world = await SessionWorld.StartAsync(model, agent: agent => Tiered(agent, null));

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.All(model.Requests, request => Assert.Equal(ModelPurpose.Plan, request.Purpose));
    }

    private static Task<SessionWorld> StartAsync(FakeChatEndpoint endpoint, string? fallback = null) =>
        SessionWorld.StartAsync(ModelWorld.Models(endpoint), agent: agent => Tiered(agent, fallback));

    private static AgentDefinition Tiered(AgentDefinition agent, string? fallback) => ModelWorld.WithRoute(
        ModelWorld.WithPlanRoute(agent, route => route with { Simple = Cheap, Fallback = fallback }), ModelPurpose.Classify, route => route with { Deployment = Judge, MaxOutputTokens = 5000 });

    private static AgentDefinition Agent(SessionWorld world) => world.Service<IAgentCatalog>().Find("order-desk")!;

    private static Plan Unmet() => ModelWorld.Lookup() with
    {
        Steps = [ModelWorld.Lookup().Steps[0] with { SuccessCriteria = [new SuccessCriterion { Path = "nothing.of.the.kind" }] }],
    };

    private static void AssertAskedWell(FakeChatCall call)
    {
        Assert.Equal(100, call.Body.GetProperty("max_completion_tokens").GetInt32());
        var format = call.Body.GetProperty("response_format").GetProperty("json_schema");
        Assert.Equal(("classify", true), (format.GetProperty("name").GetString(), format.GetProperty("strict").GetBoolean()));
        Assert.Contains("issue_refund (write_risky)", call.Messages[0], StringComparison.Ordinal);
        Assert.DoesNotContain("1042", call.Messages[0], StringComparison.Ordinal);
        Assert.StartsWith("<data id=", call.Messages[^1], StringComparison.Ordinal);
        Assert.Contains(JsonSerializer.Serialize("Where is order 1042?"), call.Messages[^1], StringComparison.Ordinal);
    }
}
