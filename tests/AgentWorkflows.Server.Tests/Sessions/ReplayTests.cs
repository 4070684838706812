using AgentWorkflows.Engine;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

public sealed class ReplayTests
{
    [Fact(Timeout = 60_000)]
    public async Task The_history_of_a_finished_session_gives_the_same_decisions_again()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync("Refund order 1042, it arrived broken, and tell the customer");
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Reject, "no mail");
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        var before = world.Orders.Dump();

        var report = await ((EmbeddedEngine)world.Orchestrations).ReplayAsync(id);

        Assert.NotNull(report);
        Assert.Null(report.Divergence);
        Assert.True(report.Events > 20);
        Assert.Equal(before, world.Orders.Dump());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_session_that_waits_replays_to_the_same_wait()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync("Refund order 1042, it arrived broken");
        await world.NextApprovalAsync();

        Assert.Null((await ((EmbeddedEngine)world.Orchestrations).ReplayAsync(id))!.Divergence);
    }
}
