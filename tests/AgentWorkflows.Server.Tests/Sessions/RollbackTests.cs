using AgentWorkflows.Compensation;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Taking back what a session did after it has ended.</summary>
public sealed class RollbackTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task A_completed_session_is_rolled_back_on_demand_and_keeps_its_answer()
    {
        await using var world = await SessionWorld.StartAsync();
        var (id, before) = await RefundAsync(world);

        var started = Assert.IsType<RollbackOutcome.Started>(await world.Rollbacks.RollbackAsync(id, "wrong customer", default));
        var view = (await world.Rollbacks.WaitForEndAsync(started, id, default))!;

        Assert.Equal(SessionStatus.RolledBack, view.Status);
        Assert.NotNull(view.Session.Progress.Answer);
        Assert.Contains("wrong customer", view.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(before, world.Orders.Dump());
        Assert.IsType<RollbackOutcome.NothingToDo>(await world.Rollbacks.RollbackAsync(id, null, default));
    }

    [Fact(Timeout = Timeout)]
    public async Task Asked_for_twice_at_once_it_runs_once()
    {
        await using var world = await SessionWorld.StartAsync();
        var (id, before) = await RefundAsync(world);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Rollbacks.RollbackAsync(id, null, default)));
        foreach (var started in outcomes.OfType<RollbackOutcome.Started>())
        {
            await world.Rollbacks.WaitForEndAsync(started, id, default);
        }

        Assert.Single(outcomes.OfType<RollbackOutcome.Started>().Select(started => started.InstanceId).Distinct());
        Assert.Equal(SessionStatus.RolledBack, (await world.Sessions.GetAsync(id, default))!.Status);
        Assert.Equal(before, world.Orders.Dump());
        Assert.Equal(1, world.Orders.Effects("reverse_refund"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_running_session_and_an_unknown_one_are_refused_by_name()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync("Refund order 1042, it arrived broken");
        await world.NextApprovalAsync();

        Assert.Equal(SessionStatus.AwaitingApproval, Assert.IsType<RollbackOutcome.StillRunning>(await world.Rollbacks.RollbackAsync(id, null, default)).Status);
        Assert.IsType<RollbackOutcome.NotFound>(await world.Rollbacks.RollbackAsync("nobody", null, default));
    }

    [Fact(Timeout = Timeout)]
    public async Task When_another_session_changed_the_same_order_since_a_person_is_told_and_asked()
    {
        await using var world = await SessionWorld.StartAsync();
        var (id, _) = await RefundAsync(world);
        var note = await world.StartSessionAsync("Add a note to order 1042 \"customer called\"");
        await world.EndOfAsync(note);

        var started = Assert.IsType<RollbackOutcome.Started>(await world.Rollbacks.RollbackAsync(id, null, default));
        var question = await world.NextApprovalAsync();
        Assert.True(question.IsQuestion);
        Assert.Contains($"session {note} ran add_note on order_id=1042", question.Reason, StringComparison.Ordinal);
        await world.DecideAsync(question, DecisionKind.Reject, "leave it");
        var second = await world.NextApprovalAsync();
        await world.DecideAsync(second, DecisionKind.Approve);

        var view = (await world.Rollbacks.WaitForEndAsync(started, id, default))!;

        Assert.Equal(SessionStatus.RollbackIncomplete, view.Status);
        Assert.Equal(CompensationStatus.Declined, view.Compensations.Single(entry => entry.Tool == question.Tool).Status);
        Assert.Equal(CompensationStatus.Done, view.Compensations.Single(entry => entry.Tool == second.Tool).Status);
    }

    [Fact(Timeout = Timeout)]
    public async Task An_incomplete_rollback_can_be_tried_again_and_runs_only_what_is_left()
    {
        var broken = true;
        await using var world = await SessionWorld.StartAsync(tools: all => new ReplacedTool(all, "reverse_refund", (invocation, original) =>
            broken ? Task.FromResult(ToolResult.Permanent("The bank is closed.", "Later.")) : original.ExecuteAsync(invocation, default)));
        var (id, before) = await RefundAsync(world);
        var first = Assert.IsType<RollbackOutcome.Started>(await world.Rollbacks.RollbackAsync(id, null, default));
        Assert.Equal(SessionStatus.RollbackIncomplete, (await world.Rollbacks.WaitForEndAsync(first, id, default))!.Status);
        broken = false;

        var again = Assert.IsType<RollbackOutcome.Started>(await world.Rollbacks.RollbackAsync(id, null, default));
        var view = (await world.Rollbacks.WaitForEndAsync(again, id, default))!;

        Assert.Equal(SessionStatus.RolledBack, view.Status);
        Assert.Equal(before, world.Orders.Dump());
        Assert.Equal(1, world.Orders.Effects("retract_message"));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_terminated_session_can_still_be_rolled_back()
    {
        await using var world = await SessionWorld.StartAsync(ScriptedChatModel.ByTurn(
            new Plan { Steps = [ScriptedChatModel.Step("note", "add_note", new { order_id = 1042, text = "hello" })] },
            new Plan { Steps = [ScriptedChatModel.Step("refund", "issue_refund", new { order_id = 1042, reason = "broken" })] }));
        var id = await world.StartSessionAsync("note, then refund");
        await world.NextApprovalAsync();
        Assert.Equal(1, world.Orders.Number("SELECT count(*) FROM notes WHERE text = 'hello'"));
        await world.Terminations.TerminateAsync(id, "stop", false, default);

        var started = Assert.IsType<RollbackOutcome.Started>(await world.Rollbacks.RollbackAsync(id, null, default));
        var view = (await world.Rollbacks.WaitForEndAsync(started, id, default))!;

        Assert.Equal(SessionStatus.RolledBack, view.Status);
        Assert.Equal(0, world.Orders.Number("SELECT count(*) FROM notes WHERE text = 'hello'"));
    }

    /// <summary>A refund with its message, and the order database from before both.</summary>
    private static async Task<(string Id, string Before)> RefundAsync(SessionWorld world)
    {
        var id = await world.StartSessionAsync("Refund order 1042, it arrived broken, and tell the customer");
        var refund = await world.NextApprovalAsync();
        var before = world.Orders.Dump();
        await world.DecideAsync(refund, DecisionKind.Approve);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        return (id, before);
    }
}
