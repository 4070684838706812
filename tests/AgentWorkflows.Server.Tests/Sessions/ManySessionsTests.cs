using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

public sealed class ManySessionsTests
{
    [Fact(Timeout = 120_000)]
    public async Task Two_hundred_refunds_at_once_all_finish_and_pay_once_each()
    {
        const int sessions = 200;
        await using var world = await SessionWorld.StartAsync();
        var ids = await Task.WhenAll(Enumerable.Range(1001, sessions).Select(order => world.StartSessionAsync($"Refund order {order}, it arrived broken")));
        var ends = ids.Select(world.EndOfAsync).ToList();
        var all = Task.WhenAll(ends);
        while (await Task.WhenAny(all, world.HasApprovalAsync()) != all)
        {
            await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        }

        var views = await all;

        Assert.All(views, view => Assert.Equal(SessionStatus.Completed, view.Status));
        Assert.Equal(sessions, views.Select(view => view.Session.Id).Distinct().Count());
        var refunds = world.Orders.Effects("issue_refund");
        Assert.InRange(refunds, 100, sessions);
        Assert.Equal(refunds, world.Orders.Number("SELECT count(*) FROM payments WHERE kind = 'refund' AND id IN (SELECT json_extract(result, '$.refund_id') FROM effects)"));
    }
}
