using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Sessions that start from the recorded turns of another one.</summary>
public sealed class ForkTests
{
    private const int Timeout = 60_000;
    private const string Refund = "Refund order 1042, it arrived broken, and tell the customer";

    [Fact(Timeout = Timeout)]
    public async Task A_fork_goes_on_after_the_turn_with_its_results_and_runs_none_of_them_again()
    {
        await using var world = await SessionWorld.StartAsync();
        var source = await CompletedRefundAsync(world);
        var effects = world.Orders.Effects("issue_refund");

        var fork = await ForkAsync(world, source, 2);
        var message = await world.NextApprovalAsync();
        Assert.Equal((fork, "send_message"), (message.SessionId, message.Tool));
        await world.DecideAsync(message, DecisionKind.Reject, "not twice");
        var view = await world.EndOfAsync(fork);

        Assert.Equal(SessionStatus.Completed, view.Status);
        Assert.Equal(new ForkSource(source, 2), view.Session.ForkedFrom);
        Assert.Equal(effects, world.Orders.Effects("issue_refund"));
        Assert.DoesNotContain(view.Compensations, entry => entry.Tool == "issue_refund");
        Assert.Contains("not twice", view.Session.Progress.Answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_fork_starts_at_no_cost_counts_its_own_and_inherits_the_calls_that_limits_count()
    {
        await using var world = await SessionWorld.StartAsync();
        var source = await CompletedRefundAsync(world);

        var fork = await ForkAsync(world, source, 2);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        var view = await world.EndOfAsync(fork);

        var own = await world.Ledger.ListAsync(fork, default);
        Assert.All(own, entry => Assert.True(entry.Entry.Turn > 2));
        Assert.Equal(own.Sum(entry => entry.CostMicros), view.Session.Progress.CostMicros);
        Assert.Equal(3, view.Session.Progress.ToolCalls);
        Assert.Equal(4, view.Session.Progress.Turn);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_fork_of_turn_zero_starts_over_on_the_same_goal_and_snapshot()
    {
        await using var world = await SessionWorld.StartAsync();
        var source = await world.StartSessionAsync("What is the state of order 1042?");
        var before = await world.EndOfAsync(source);

        var after = await world.EndOfAsync(await ForkAsync(world, source, 0));

        Assert.Equal(before.Session.Progress.Answer, after.Session.Progress.Answer);
        Assert.Equal(before.Session.SnapshotHash, after.Session.SnapshotHash);
        Assert.Equal(before.Session.Progress.CostMicros, after.Session.Progress.CostMicros);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_fork_is_complete_without_its_source_and_can_be_forked_itself()
    {
        await using var world = await SessionWorld.StartAsync();
        var first = await CompletedRefundAsync(world);
        var second = await ForkAsync(world, first, 2);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        await world.EndOfAsync(second);

        var third = await ForkAsync(world, second, 2);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);

        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(third)).Status);
        var turns = Transcript.Read(await world.Store.ListDocumentsAsync(third, 2, default));
        Assert.Equal(["get_order", "issue_refund"], turns.SelectMany(turn => turn.Observations).Select(seen => seen.Tool));
    }

    [Fact(Timeout = Timeout)]
    public async Task Copying_again_after_a_crash_changes_nothing()
    {
        await using var world = await SessionWorld.StartAsync();
        var source = await CompletedRefundAsync(world);
        var fork = await ForkAsync(world, source, 2);
        await world.NextApprovalAsync();
        var before = await world.Store.ListDocumentsAsync(fork, 2, default);

        await world.RestartAsync();

        var after = await world.Store.ListDocumentsAsync(fork, 2, default);
        Assert.Equal(before.Select(document => (document.Key, document.WrittenAt)), after.Select(document => (document.Key, document.WrittenAt)));
        Assert.Equal(
            (await world.Store.ListDocumentsAsync(source, 2, default)).Select(document => (document.Key.Turn, document.Key.Step, document.Content.GetRawText())),
            after.Select(document => (document.Key.Turn, document.Key.Step, document.Content.GetRawText())));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(4, ForkRefusal.TurnIsAnswer)]
    [InlineData(5, ForkRefusal.TurnNotRecorded)]
    internal async Task Turns_that_cannot_be_gone_on_from_are_refused_by_name(int turn, ForkRefusal refusal)
    {
        await using var world = await SessionWorld.StartAsync();
        var source = await CompletedRefundAsync(world);

        var refused = Assert.IsType<ForkOutcome.Refused>(await world.Forks.ForkAsync(source, new ForkRequest(turn, null), default));

        Assert.Equal(refusal, refused.Reason);
        Assert.Contains("Turns 0 to 3 can be forked from", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_running_session_is_forked_from_a_turn_it_has_finished_and_not_from_the_one_it_is_in()
    {
        await using var world = await SessionWorld.StartAsync();
        var source = await world.StartSessionAsync(Refund);
        await world.NextApprovalAsync();

        var refused = Assert.IsType<ForkOutcome.Refused>(await world.Forks.ForkAsync(source, new ForkRequest(2, null), default));
        var fork = await ForkAsync(world, source, 1);

        Assert.Equal(ForkRefusal.TurnNotFinished, refused.Reason);
        Assert.Contains("'refund' has no recorded outcome", refused.Message, StringComparison.Ordinal);
        Assert.Equal(fork, (await world.NextApprovalAsync()).SessionId);
        Assert.Equal(SessionStatus.AwaitingApproval, (await world.Sessions.GetAsync(source, default))!.Status);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_turn_whose_effects_were_taken_back_is_refused_also_through_a_fork()
    {
        await using var world = await SessionWorld.StartAsync();
        var source = await CompletedRefundAsync(world);
        var fork = await ForkAsync(world, source, 2);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Reject);
        await world.EndOfAsync(fork);
        var started = Assert.IsType<RollbackOutcome.Started>(await world.Rollbacks.RollbackAsync(source, null, default));
        await world.Rollbacks.WaitForEndAsync(started, source, default);

        foreach (var id in new[] { source, fork })
        {
            var refused = Assert.IsType<ForkOutcome.Refused>(await world.Forks.ForkAsync(id, new ForkRequest(2, null), default));
            Assert.Equal(ForkRefusal.TakenBack, refused.Reason);
            Assert.Contains("issue_refund, run in turn 2, has been taken back", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Fork from turn 1", refused.Message, StringComparison.Ordinal);
        }
        Assert.IsType<ForkOutcome.Started>(await world.Forks.ForkAsync(source, new ForkRequest(1, null), default));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_limit_on_calls_holds_over_forks()
    {
        await using var world = await SessionWorld.StartAsync(new ScriptedChatModel(request => ScriptedChatModel.Plan(
            new Plan { Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = 1040 + request.Turn })] })));
        var source = await world.StartSessionAsync("look", new RequestedLimits { MaxToolCalls = 2 });
        Assert.Equal("max_tool_calls", (await world.EndOfAsync(source)).Failure?.Type);

        var fork = await world.EndOfAsync(await ForkAsync(world, source, 2));

        Assert.Equal("max_tool_calls", fork.Failure?.Type);
        Assert.Equal(2, fork.Session.Progress.ToolCalls);
    }

    [Fact(Timeout = Timeout)]
    public async Task An_id_that_exists_and_a_source_that_does_not_are_refused()
    {
        await using var world = await SessionWorld.StartAsync();
        var source = await world.StartSessionAsync("What is the state of order 1042?");
        await world.EndOfAsync(source);

        Assert.IsType<ForkOutcome.AlreadyExists>(await world.Forks.ForkAsync(source, new ForkRequest(0, source), default));
        Assert.IsType<ForkOutcome.NotFound>(await world.Forks.ForkAsync("nobody", new ForkRequest(0, null), default));
    }

    private static async Task<string> ForkAsync(SessionWorld world, string source, int turn) =>
        Assert.IsType<ForkOutcome.Started>(await world.Forks.ForkAsync(source, new ForkRequest(turn, null), default)).SessionId;

    /// <summary>Turns: look up, refund, tell, answer.</summary>
    private static async Task<string> CompletedRefundAsync(SessionWorld world)
    {
        var id = await world.StartSessionAsync(Refund);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        return id;
    }
}
