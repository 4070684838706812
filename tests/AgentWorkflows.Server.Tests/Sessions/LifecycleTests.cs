using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Holding, going on, ending with rollback, and what people think of it.</summary>
public sealed class LifecycleTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task A_held_session_takes_no_step_over_a_restart_and_goes_on_when_resumed()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync("Refund order 1042, it arrived broken");
        var approval = await world.NextApprovalAsync();

        Assert.Equal(LifecycleOutcome.Accepted, await world.Sessions.SuspendAsync(id, "audit", default));
        Assert.Equal(LifecycleOutcome.Accepted, await world.Sessions.SuspendAsync(id, "again", default));
        await world.RestartAsync();
        await world.DecideAsync(approval, DecisionKind.Approve);
        Assert.Equal(SessionStatus.Suspended, (await world.Sessions.GetAsync(id, default))!.Status);
        Assert.Equal([id], await ListAsync(world, SessionStatus.Suspended));
        Assert.Empty(await ListAsync(world, SessionStatus.AwaitingApproval, SessionStatus.Running));
        Assert.Equal(0, world.Orders.Effects("issue_refund"));

        Assert.Equal(LifecycleOutcome.Accepted, await world.Sessions.ResumeAsync(id, null, default));
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        Assert.Empty(await ListAsync(world, SessionStatus.Suspended));
        Assert.Equal(1, world.Orders.Effects("issue_refund"));
    }

    [Fact(Timeout = Timeout)]
    public async Task What_has_ended_or_does_not_exist_is_refused_by_name()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync("What is the state of order 1042?");
        await world.EndOfAsync(id);

        Assert.Equal(LifecycleOutcome.AlreadyFinished, await world.Sessions.SuspendAsync(id, null, default));
        Assert.Equal(LifecycleOutcome.AlreadyFinished, await world.Sessions.ResumeAsync(id, null, default));
        Assert.Equal(LifecycleOutcome.AlreadyFinished, (await world.Terminations.TerminateAsync(id, null, true, default)).Outcome);
        Assert.Equal(LifecycleOutcome.NotFound, await world.Sessions.SuspendAsync("nobody", null, default));
        Assert.Equal(LifecycleOutcome.NotFound, (await world.Terminations.TerminateAsync("nobody", null, true, default)).Outcome);
        Assert.Empty(await ListAsync(world, SessionStatus.Suspended));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_held_session_that_is_terminated_with_rollback_leaves_nothing_and_asking_again_is_safe()
    {
        await using var world = await SessionWorld.StartAsync(ScriptedChatModel.ByTurn(
            new Plan { Steps = [ScriptedChatModel.Step("note", "add_note", new { order_id = 1042, text = "hello" })] },
            new Plan { Steps = [ScriptedChatModel.Step("refund", "issue_refund", new { order_id = 1042, reason = "broken" })] }));
        var id = await world.StartSessionAsync("note, then refund");
        await world.NextApprovalAsync();
        await world.Sessions.SuspendAsync(id, null, default);

        var ended = await world.Terminations.TerminateAsync(id, "stop", true, default);
        var again = await world.Terminations.TerminateAsync(id, "stop", true, default);
        var view = (await world.Rollbacks.WaitForEndAsync(Assert.IsType<RollbackOutcome.Started>(ended.Rollback), id, default))!;

        Assert.Equal(LifecycleOutcome.Accepted, again.Outcome);
        Assert.Equal(SessionStatus.RolledBack, view.Status);
        Assert.Equal(0, world.Orders.Number("SELECT count(*) FROM notes WHERE text = 'hello'"));
        Assert.Equal(1, world.Orders.Effects("delete_note"));
        Assert.Empty(await ListAsync(world, SessionStatus.Suspended));
    }

    [Fact(Timeout = Timeout)]
    public async Task Terminate_with_rollback_of_a_session_that_changed_nothing_says_so()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync("Refund order 1042, it arrived broken");
        await world.NextApprovalAsync();

        var ended = await world.Terminations.TerminateAsync(id, null, true, default);

        Assert.IsType<RollbackOutcome.NothingToDo>(ended.Rollback);
        Assert.Equal(SessionStatus.Terminated, (await world.Sessions.GetAsync(id, default))!.Status);
    }

    [Fact(Timeout = Timeout)]
    public async Task Feedback_is_kept_and_replaced_by_the_next()
    {
        await using var world = await SessionWorld.StartAsync();
        var id = await world.StartSessionAsync("What is the state of order 1042?");
        await world.EndOfAsync(id);

        Assert.True(await world.Sessions.RateAsync(id, FeedbackRating.Bad, "slow", "ada", default));
        Assert.True(await world.Sessions.RateAsync(id, FeedbackRating.Good, null, "bo", default));
        Assert.False(await world.Sessions.RateAsync("nobody", FeedbackRating.Good, null, "bo", default));

        var kept = (await world.Sessions.GetAsync(id, default))!.Session.Feedback!;
        Assert.Equal((FeedbackRating.Good, null, "bo"), (kept.Rating, kept.Comment, kept.By));
    }

    private static async Task<IReadOnlyList<string>> ListAsync(SessionWorld world, params SessionStatus[] statuses) =>
        [.. (await world.Store.ListAsync(new SessionQuery { Statuses = statuses }, default)).Sessions.Select(session => session.Id)];
}
