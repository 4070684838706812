using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Testing;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow.V1;
using Xunit;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>A session has one end, in engine, record, lists, approvals and ledger, whatever dies while it is ended and however often that is asked for.</summary>
public sealed class SessionEndTests
{
    private const int Timeout = 600_000;

    /// <summary>From a crash point to the second one of a pair.</summary>
    private static readonly int[] Gaps = [0, 1, 2, 5];

    [Theory(Timeout = Timeout)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ending_with_rollback_that_dies_anywhere_is_finished_when_asked_again_or_at_the_next_start(bool askedAgain)
    {
        var time = new ShiftedTime();
        await using var world = await SessionWorld.StartAsync(NoteThenRefund(), time: time);
        var reached = true;
        for (var first = 1; reached; first++)
        {
            foreach (var gap in Gaps)
            {
                var points = gap == 0 ? new CrashPoints(first) : new CrashPoints(first, first + gap);
                var id = await world.StartSessionAsync("note, then refund", sessionId: $"s-{first}-{gap}");
                var waiting = await world.NextApprovalAsync();
                var undone = world.Orders.Effects("delete_note");
                var dying = Dying(world, points);

                await UntilDoneAsync(() => dying.TerminateAsync(id, "stop", true, default), askedAgain ? null : () => dying.FinishOpenAsync(default));
                if (!askedAgain && (await world.Sessions.GetAsync(id, default))!.Status == SessionStatus.AwaitingApproval)
                {
                    // It died before anything was recorded: nothing has begun.
                    Assert.Equal(ApprovalStatus.Pending, (await world.ApprovalStore.GetAsync(waiting.Id, default))!.Status);
                    await world.Terminations.TerminateAsync(id, "stop", true, default);
                }
                await world.Orchestrations.WaitForInstanceCompletionAsync(AgentRollbackOrchestrator.InstanceId(id, SessionProgress.EndedOutsideRevision));

                await AssertOneEndAsync(world, id, SessionStatus.RolledBack, waiting);
                Assert.Equal(undone + 1, world.Orders.Effects("delete_note"));
                time.Shift(TimeSpan.FromMinutes(2));
                await world.Terminations.FinishOpenAsync(default);
                Assert.Empty(await world.Store.ListEndingsAsync(10, default));
                reached = gap == 0 ? points.AllReached : reached;
            }
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Ending_with_rollback_asked_for_by_many_at_once_rolls_back_once()
    {
        await using var world = await SessionWorld.StartAsync(NoteThenRefund());
        for (var round = 0; round < 20; round++)
        {
            var id = await world.StartSessionAsync("note, then refund", sessionId: $"s-{round}");
            var waiting = await world.NextApprovalAsync();

            var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
                Task.Run(() => world.Terminations.TerminateAsync(id, $"by {i}", true, default))));
            await world.Orchestrations.WaitForInstanceCompletionAsync(AgentRollbackOrchestrator.InstanceId(id, SessionProgress.EndedOutsideRevision));

            Assert.All(outcomes, outcome => Assert.Equal(LifecycleOutcome.Accepted, outcome.Outcome));
            Assert.Null(await world.Orchestrations.GetInstanceAsync(AgentRollbackOrchestrator.InstanceId(id, SessionProgress.EndedOutsideRevision + 1)));
            await AssertOneEndAsync(world, id, SessionStatus.RolledBack, waiting);
            Assert.Equal(round + 1, world.Orders.Effects("delete_note"));
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_session_whose_engine_alone_knows_that_it_was_ended_is_put_right_by_whoever_looks_and_whoever_decides()
    {
        await using var world = await SessionWorld.StartAsync(NoteThenRefund());
        var looked = await world.StartSessionAsync("note, then refund", sessionId: "looked");
        var first = await world.NextApprovalAsync();
        await world.Orchestrations.TerminateInstanceAsync(looked, "died after this");

        Assert.Equal(SessionStatus.Terminated, (await world.Sessions.GetAsync(looked, default))!.Status);
        Assert.IsType<DecideOutcome.AlreadyDecided>(await world.DecideAsync(first, DecisionKind.Approve));

        await AssertOneEndAsync(world, looked, SessionStatus.Terminated, first);
        Assert.Equal(LifecycleOutcome.Accepted, (await world.Terminations.TerminateAsync(looked, "again", false, default)).Outcome);
        Assert.Equal(0, world.Orders.Effects("issue_refund"));
    }

    [Fact(Timeout = Timeout)]
    public async Task The_cost_of_an_ended_session_includes_the_step_that_was_running()
    {
        const long price = 7_000;
        var time = new ShiftedTime();
        var (running, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var world = await SessionWorld.StartAsync(
            NoteThenRefund(), all => new ReplacedTool(all, "add_note", async (invocation, original) =>
            {
                running.SetResult();
                await goOn.Task;
                return await original.ExecuteAsync(invocation, default);
            }), time: time, agent: agent => agent with
            {
                Tools = [.. agent.Tools.Select(tool => tool.Name == "add_note" ? tool with { CostMicrosPerCall = price } : tool)],
            });
        var id = await world.StartSessionAsync("note, then refund");
        await running.Task;

        await world.Terminations.TerminateAsync(id, "stop", false, default);
        time.Shift(TimeSpan.FromMinutes(2));
        await world.Terminations.FinishOpenAsync(default);
        Assert.Single(await world.Store.ListEndingsAsync(10, default));
        goOn.SetResult();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await world.Ledger.ListAsync(id, default)).Any(entry => entry.Status == LedgerEntryStatus.Reserved))
        {
            await poll.WaitForNextTickAsync();
        }
        await world.Terminations.FinishOpenAsync(default);

        var session = (await world.Store.GetAsync(id, default))!;
        Assert.Equal(SessionStatus.Terminated, session.Progress.Status);
        Assert.Equal((await world.Ledger.ListAsync(id, default)).Sum(entry => entry.CostMicros), session.Progress.CostMicros);
        Assert.True(session.Progress.CostMicros >= price);
        Assert.Empty(await world.Store.ListEndingsAsync(10, default));
    }

    private static ScriptedChatModel NoteThenRefund() => ScriptedChatModel.ByTurn(
        new Plan { Steps = [ScriptedChatModel.Step("note", "add_note", new { order_id = 1042, text = "hello" })] },
        new Plan { Steps = [ScriptedChatModel.Step("refund", "issue_refund", new { order_id = 1042, reason = "broken" })] });

    private static async Task AssertOneEndAsync(SessionWorld world, string id, SessionStatus status, ApprovalRequest waited)
    {
        var view = (await world.Sessions.GetAsync(id, default))!;
        Assert.Equal(status, view.Status);
        Assert.Equal(status, view.Session.Progress.Status);
        Assert.Contains((await world.Store.ListAsync(new SessionQuery { Statuses = [status], PageSize = 500 }, default)).Sessions, session => session.Id == id);
        Assert.DoesNotContain((await world.Store.ListAsync(new SessionQuery { Statuses = SessionStatuses.NotEnded, PageSize = 500 }, default)).Sessions, session => session.Id == id);
        Assert.True((await world.Service<ISessionCounts>().CountAsync(null, default))!.GetValueOrDefault(status) > 0);
        Assert.Equal(ApprovalStatus.Withdrawn, (await world.ApprovalStore.GetAsync(waited.Id, default))!.Status);
        Assert.Empty(await world.ApprovalStore.ListAsync(new ApprovalQuery { SessionId = id, Status = ApprovalStatus.Pending }, default));
        var decided = Assert.IsType<DecideOutcome.AlreadyDecided>(await world.DecideAsync(waited, DecisionKind.Approve));
        Assert.Equal(ApprovalStatus.Withdrawn, decided.Request.Status);
    }

    /// <summary>Asks, and after each crash asks again, or does what the next start does.</summary>
    private static async Task UntilDoneAsync(Func<Task> ask, Func<Task>? next)
    {
        for (var act = ask; ; act = next ?? ask)
        {
            try
            {
                await act();
                return;
            }
            catch (CrashException)
            {
                // The process died; the next one goes on.
            }
            catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is CrashException))
            {
                // As above, in a round that finishes several.
            }
        }
    }

    /// <summary>The command as a process has it that dies at the points.</summary>
    private static SessionTermination Dying(SessionWorld world, CrashPoints points)
    {
        var engine = new CrashingOrchestrationClient(world.Orchestrations, points);
        var store = new CrashingSessionStore(world.Store, points);
        var approvals = new CrashingApprovalStore(world.ApprovalStore, points);
        var (snapshots, time, telemetry) = (world.Service<AgentSnapshots>(), world.Service<TimeProvider>(), Instruments.Unobserved);
        var ends = new SessionEnds(engine, store, approvals, world.Ledger, time, telemetry);
        var sessions = new SessionService(
            engine, store, approvals, ends, world.Service<IAgentCatalog>(), snapshots, world.Service<IChatModelCatalog>(), time, new IdSource(), telemetry);
        return new SessionTermination(ends, new RollbackService(sessions, ends, store, engine, snapshots, time, telemetry), store, time);
    }
}
