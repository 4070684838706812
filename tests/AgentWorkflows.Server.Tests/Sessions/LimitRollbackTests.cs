using AgentWorkflows.Models.Plans;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>A limit that stops a session in the middle of its work.</summary>
public sealed class LimitRollbackTests
{
    private const int Timeout = 60_000;

    [Theory(Timeout = Timeout)]
    [InlineData("max_tool_calls")]
    [InlineData("max_iterations")]
    public async Task A_limit_after_an_effect_takes_it_back(string limit)
    {
        await using var world = await SessionWorld.StartAsync(TwoNotes());
        var limits = limit == "max_tool_calls" ? new RequestedLimits { MaxToolCalls = 1 } : new RequestedLimits { MaxIterations = 1 };
        var ended = await world.EndOfAsync(await world.StartSessionAsync("two notes", limits));

        Assert.Equal((SessionStatus.RolledBack, limit), (ended.Status, ended.Failure!.Type));
        Assert.Null(ended.Session.Progress.Answer);
        Assert.Equal(0, world.Orders.Number("SELECT count(*) FROM notes WHERE text IN ('one', 'two')"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_limit_after_an_effect_leaves_it_where_the_agent_says_so()
    {
        await using var world = await SessionWorld.StartAsync(TwoNotes(), agent: agent => agent with { Rollback = agent.Rollback with { OnHalt = false } });
        var ended = await world.EndOfAsync(await world.StartSessionAsync("two notes", new RequestedLimits { MaxToolCalls = 1 }));

        Assert.Equal((SessionStatus.CompletedPartially, "max_tool_calls"), (ended.Status, ended.Failure!.Type));
        Assert.Equal(1, world.Orders.Number("SELECT count(*) FROM notes WHERE text = 'one'"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_limit_after_reads_alone_keeps_what_was_found_out()
    {
        await using var world = await SessionWorld.StartAsync(ScriptedChatModel.ByTurn(
            new Plan { Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = 1042 })] },
            new Plan { Steps = [ScriptedChatModel.Step("again", "get_order", new { order_id = 1001 })] }));
        var ended = await world.EndOfAsync(await world.StartSessionAsync("look twice", new RequestedLimits { MaxToolCalls = 1 }));

        Assert.Equal((SessionStatus.CompletedPartially, "max_tool_calls"), (ended.Status, ended.Failure!.Type));
        Assert.Contains("get_order", ended.Session.Progress.Answer, StringComparison.Ordinal);
    }

    private static ScriptedChatModel TwoNotes() => ScriptedChatModel.ByTurn(
        new Plan { Steps = [ScriptedChatModel.Step("one", "add_note", new { order_id = 1042, text = "one" })] },
        new Plan { Steps = [ScriptedChatModel.Step("two", "add_note", new { order_id = 1042, text = "two" })] });
}
