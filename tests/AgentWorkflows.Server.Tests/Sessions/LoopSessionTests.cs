using AgentWorkflows.Agents;
using AgentWorkflows.Sessions;
using AgentWorkflows.TestSupport;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

public sealed class LoopSessionTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task AModelThatLoops_IsTold_AndStoppedAtTheSecondRepetitionAfterThat_WithItsCostInTheOutcome()
    {
        var model = Looping();
        await using var world = await SessionWorld.StartAsync(model);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"));

        Assert.Equal((SessionStatus.CompletedPartially, "loop_detected"), (view.Status, view.Failure!.Type));
        Assert.Equal(FailureCategory.Quality, view.Failure.Category);
        // One that ran, one that was answered with a nudge, two more.
        Assert.Equal(4, model.Requests.Count);
        Assert.Equal(1, view.Session.Progress.ToolCalls);
        Assert.Contains(FormattableString.Invariant($"cost {view.Session.Progress.CostMicros / 1_000_000m:0.000000} USD"), view.Failure.Message, StringComparison.Ordinal);
        Assert.Contains("planned again", model.Requests[2].Messages[^1].Content, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task AModelThatHeedsTheNudge_GoesOn()
    {
        var model = new ScriptedChatModel(request => ScriptedChatModel.Plan(
            request.Messages[^1].Content.Contains("planned again", StringComparison.Ordinal) ? ModelWorld.Answer() : ModelWorld.Lookup()));
        await using var world = await SessionWorld.StartAsync(model);

        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(await world.StartSessionAsync("Where is order 1042?"))).Status);
    }

    [Fact(Timeout = Timeout)]
    public async Task APollingTool_MayBeCalledAgainAndAgain()
    {
        var model = new ScriptedChatModel(request => ScriptedChatModel.Plan(request.Turn < 9 ? ModelWorld.Lookup() : ModelWorld.Answer()));
        await using var world = await SessionWorld.StartAsync(model, agent: Polling);

        var view = await world.EndOfAsync(await world.StartSessionAsync("Wait until order 1042 is delivered"));

        Assert.Equal((SessionStatus.Completed, 8), (view.Status, view.Session.Progress.ToolCalls));
    }

    private static ScriptedChatModel Looping() => new(_ => ScriptedChatModel.Plan(ModelWorld.Lookup()));

    private static AgentDefinition Polling(AgentDefinition agent) => agent with
    {
        Tools = [.. agent.Tools.Select(tool => tool.Name == "get_order" ? tool with { Polling = true } : tool)],
    };
}
