using AgentWorkflows.Approvals;
using AgentWorkflows.Engine.Tests;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Operations;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Server.Tests.Approvals;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Words;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AgentWorkflows.Server.Tests.Retention;

/// <summary>Real sessions that grow old.</summary>
public sealed class RetentionRunTests
{
    private const int Timeout = 60_000;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact(Timeout = Timeout)]
    public async Task What_has_ended_and_is_old_is_forgotten_with_its_history_costs_and_approvals()
    {
        var clock = DeadlineTests.Clock();
        await using var world = await StartAsync(clock);
        var old = await RunAsync(world);
        clock.Advance(20 * Day);
        var young = await RunAsync(world);
        clock.Advance(11 * Day);

        var result = (await world.Service<RetentionRun>().RunDueAsync(default))!;

        Assert.Equal((1, 1), (result.Sessions, result.Approvals));
        Assert.True(result.Entries > 0);
        Assert.Null(await world.Sessions.GetAsync(old, default));
        Assert.Null(await world.Orchestrations.GetInstanceAsync(old, false, default));
        Assert.Empty(await world.Ledger.ListAsync(old, default));
        Assert.Empty(await world.ApprovalStore.ListAsync(new ApprovalQuery { SessionId = old }, default));
        Assert.Empty(await world.Store.ListTimelineAsync(old, 0, 10, default));
        Assert.Equal(SessionStatus.Completed, (await world.Sessions.GetAsync(young, default))!.Status);
        Assert.NotEmpty(await world.Ledger.ListAsync(young, default));
        Assert.Single(await world.ApprovalStore.ListAsync(new ApprovalQuery { SessionId = young }, default));
        Assert.Null(await world.Service<RetentionRun>().RunDueAsync(default));
        clock.Advance(Day);
        Assert.NotNull(await world.Service<RetentionRun>().RunDueAsync(default));
    }

    [Fact(Timeout = Timeout)]
    public async Task What_can_still_be_rolled_back_stays_until_it_cannot()
    {
        var clock = DeadlineTests.Clock();
        await using var world = await StartAsync(clock, rollbackDays: 60);
        var id = await RunAsync(world);
        clock.Advance(45 * Day);

        Assert.Equal(0, (await world.Service<RetentionRun>().RunAsync(default)).Sessions);
        var rollback = Assert.IsType<RollbackOutcome.Started>(await world.Rollbacks.RollbackAsync(id, "a mistake", default));
        Assert.Equal(SessionStatus.RolledBack, (await world.Rollbacks.WaitForEndAsync(rollback, id, default))!.Status);

        clock.Advance(61 * Day);
        Assert.Equal(1, (await world.Service<RetentionRun>().RunAsync(default)).Sessions);
        Assert.Null(await world.Orchestrations.GetInstanceAsync(rollback.InstanceId, false, default));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_session_that_goes_on_keeps_what_it_has_spent_and_been_granted()
    {
        var clock = DeadlineTests.Clock();
        await using var world = await StartAsync(clock, approvalDays: 200);
        var id = await world.StartSessionAsync("refund");
        var asked = await world.NextApprovalAsync();
        clock.Advance(100 * Day);

        var result = await world.Service<RetentionRun>().RunAsync(default);

        Assert.Equal(new RetentionResult(0, 0, 0, 0, 0), result);
        Assert.NotEmpty(await world.Ledger.ListAsync(id, default));
        await world.DecideAsync(asked, DecisionKind.Approve);
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        Assert.Equal(1, world.Orders.Effects("issue_refund"));
    }

    [Fact(Timeout = Timeout)]
    public async Task Kinds_have_retentions_of_their_own()
    {
        var clock = DeadlineTests.Clock();
        await using var world = await StartAsync(clock, options: new RetentionOptions { Documents = 8 * Day, Ledger = 5 * Day, Approvals = 90 * Day });
        var id = await RunAsync(world);
        clock.Advance(10 * Day);

        Assert.True((await world.Service<RetentionRun>().RunAsync(default)) is { Sessions: 0, Documents: 1, Entries: > 0, Approvals: 0 });
        Assert.Empty(await world.Store.ListDocumentsAsync(id, int.MaxValue, default));
        Assert.Equal("Done.", (await world.Sessions.GetAsync(id, default))!.Session.Progress.Answer);
        clock.Advance(30 * Day);
        Assert.True((await world.Service<RetentionRun>().RunAsync(default)) is { Sessions: 1, Documents: 0, Entries: 0, Approvals: 0 });

        Assert.Null(await world.Sessions.GetAsync(id, default));
        Assert.Single(await world.ApprovalStore.ListAsync(new ApprovalQuery { SessionId = id }, default));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(30)]
    [InlineData(90)]
    public async Task A_round_ends_when_its_time_is_over_and_later_ones_go_on_until_all_is_done(int sessionsDays)
    {
        var clock = DeadlineTests.Clock();
        await using var world = await StartAsync(clock, options: new RetentionOptions { Sessions = sessionsDays * Day });
        for (var session = 0; session < 6; session++)
        {
            await RunAsync(world);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        clock.Advance(40 * Day);
        // A clock that is looked at before each step, and is a minute on each time: a round has time for four.
        var time = new HurryingTime(clock);
        var run = ActivatorUtilities.CreateInstance<RetentionRun>(world.Service<IServiceProvider>(), time, new DailyWorkOptions { Longest = TimeSpan.FromMinutes(5) });

        var rounds = new List<RetentionResult>();
        while (rounds is [] or [.., { Complete: false }])
        {
            rounds.Add((await run.RunDueAsync(default))!);
            // Nobody begins while the claim of the last one holds.
            if (!rounds[^1].Complete)
            {
                Assert.Null(await world.Service<RetentionRun>().RunDueAsync(default));
                clock.Advance(TimeSpan.FromMinutes(10));
            }
        }

        Assert.True(rounds.Count > 1, $"{rounds.Count} rounds.");
        Assert.All(rounds, round => Assert.InRange(round.Sessions + round.Documents, 0, 4));
        Assert.Equal(sessionsDays == 30 ? (6, 0) : (0, 6), (rounds.Sum(round => round.Sessions), rounds.Sum(round => round.Documents)));
        Assert.Null(await run.RunDueAsync(default));
    }

    [Theory]
    [InlineData("Retention:SessionsDays", "0")]
    [InlineData("Retention:DocumentsDays", "-1")]
    [InlineData("Retention:LedgerDays", "3651")]
    [InlineData("Retention:ApprovalsDays", "a month")]
    [InlineData("Retention:Days", "30")]
    public void A_wrong_setting_is_named(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        Assert.StartsWith(key, Assert.Single(RetentionOptions.Read(configuration).Problems), StringComparison.Ordinal);
    }

    private static Task<SessionWorld> StartAsync(FakeTimeProvider clock, int rollbackDays = 7, int approvalDays = 1, RetentionOptions? options = null) => SessionWorld.StartAsync(
        ScriptedChatModel.ByTurn(
            new Plan { Steps = [ScriptedChatModel.Step("refund", "issue_refund", new { order_id = 1042, reason = "broken" })] },
            new Plan { Answer = "Done." }),
        adjust: services => services.Replace(ServiceDescriptor.Singleton(options ?? new RetentionOptions())),
        agent: agent => DeadlineTests.WithTerms(agent, new ApprovalTerms { Timeout = approvalDays * Day }) with
        {
            Rollback = agent.Rollback with { Retention = rollbackDays * Day },
        },
        time: clock);

    private sealed class HurryingTime(FakeTimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            var now = clock.GetUtcNow();
            clock.Advance(TimeSpan.FromMinutes(1));
            return now;
        }
    }

    private static async Task<string> RunAsync(SessionWorld world)
    {
        var id = await world.StartSessionAsync("refund");
        await world.DecideAsync(await world.NextApprovalAsync(), DecisionKind.Approve);
        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        return id;
    }
}
