using AgentWorkflows.Models.Plans;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>Rejecting a call skips what its plan does afterwards; whoever decides is told before.</summary>
public sealed class LaterStepsTests
{
    [Fact(Timeout = 60_000)]
    public async Task Of_two_identical_risky_calls_whoever_decides_about_the_first_is_told_that_no_skips_the_second()
    {
        var refund = ScriptedChatModel.Step("first", "issue_refund", new { order_id = 1042, reason = "broken" });
        await using var world = await SessionWorld.StartAsync(ScriptedChatModel.ByTurn(
            new Plan { Steps = [refund, refund with { Id = "second" }] }, new Plan { Answer = "Nothing was refunded." }));
        var id = await world.StartSessionAsync("refund twice");
        var asked = await world.NextApprovalAsync();

        Assert.EndsWith(
            "If this is rejected, the plan's later steps are skipped without asking: issue_refund (the same call again).", asked.Reason, StringComparison.Ordinal);
        await world.DecideAsync(asked, DecisionKind.Reject);

        await world.EndOfAsync(id);
        Assert.Equal(0, world.Orders.Effects("issue_refund"));
    }
}
