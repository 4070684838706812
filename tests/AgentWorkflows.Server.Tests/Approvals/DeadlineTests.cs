using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Engine.Tests;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Server.Tests.Sessions;
using AgentWorkflows.Sessions;
using AgentWorkflows.Testing;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>Waiting for people, in virtual time, on the real engine and stores.</summary>
public sealed class DeadlineTests
{
    private const int Timeout = 60_000;
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact(Timeout = Timeout)]
    public async Task ADecisionOneTickBeforeTheDeadline_Counts()
    {
        var clock = Clock();
        await using var world = await StartAsync(clock, new ApprovalTerms());
        var id = await world.StartSessionAsync("refund");
        var asked = await world.NextApprovalAsync();
        clock.SetUtcNow(asked.ExpiresAt - Tick);

        Assert.IsType<DecideOutcome.Decided>(await world.DecideAsync(asked, DecisionKind.Approve));

        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        Assert.Equal(1, Refunds(world));
    }

    [Fact(Timeout = Timeout)]
    public async Task ADecisionAtTheDeadlineOrATickLater_ComesTooLateAndNothingRuns()
    {
        foreach (var late in new[] { TimeSpan.Zero, Tick })
        {
            var clock = Clock();
            await using var world = await StartAsync(clock, new ApprovalTerms());
            var id = await world.StartSessionAsync("refund");
            var asked = await world.NextApprovalAsync();
            clock.SetUtcNow(asked.ExpiresAt + late);

            var outcome = await world.DecideAsync(asked, DecisionKind.Approve);

            Assert.True(outcome is DecideOutcome.Expired or DecideOutcome.AlreadyDecided { Request.Status: ApprovalStatus.Expired });
            Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
            Assert.Equal(0, Refunds(world));
            Assert.Equal(asked.ExpiresAt, (await world.ApprovalStore.GetAsync(asked.Id, default))!.Decision!.DecidedAt);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task ARestartAcrossTheDeadline_ExpiresTheRequest()
    {
        var clock = Clock();
        await using var world = await StartAsync(clock, new ApprovalTerms());
        var id = await world.StartSessionAsync("refund");
        var asked = await world.NextApprovalAsync();
        await world.RestartAsync(() => clock.SetUtcNow(asked.ExpiresAt + TimeSpan.FromHours(1)));

        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);

        Assert.Equal(ApprovalStatus.Expired, (await world.ApprovalStore.GetAsync(asked.Id, default))!.Status);
        Assert.Equal(0, Refunds(world));
    }

    [Fact(Timeout = Timeout)]
    public async Task ADecisionJustBeforeACrash_CountsThoughTheDeadlinePassesBeforeTheRestart()
    {
        var clock = Clock();
        await using var world = await StartAsync(clock, new ApprovalTerms());
        var id = await world.StartSessionAsync("refund");
        var asked = await world.NextApprovalAsync();
        clock.SetUtcNow(asked.ExpiresAt - Tick);
        // Only the store learns of it: the process dies before it tells the session.
        await world.ApprovalStore.DecideAsync(asked.Id, new ApprovalDecision
        {
            DecisionId = "d",
            Status = ApprovalStatus.Approved,
            Approver = "bo",
            ArgumentsHash = asked.ArgumentsHash,
            DecidedAt = clock.GetUtcNow(),
        }, default);
        await world.RestartAsync(() => clock.SetUtcNow(asked.ExpiresAt + TimeSpan.FromHours(1)));
        await world.Approvals.DeliverPendingAsync(default);

        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        Assert.Equal(1, Refunds(world));
        Assert.Empty(await world.ApprovalStore.ListUndeliveredAsync(DateTimeOffset.MaxValue, 10, default));
    }

    [Theory(Timeout = Timeout)]
    [InlineData(TimeoutMeaning.Reject, SessionStatus.Completed, 0)]
    [InlineData(TimeoutMeaning.Halt, SessionStatus.CompletedPartially, 0)]
    [InlineData(TimeoutMeaning.Approve, SessionStatus.Completed, 1)]
    public async Task WhatATimeoutMeans_IsThePolicys(TimeoutMeaning meaning, SessionStatus status, long refunds)
    {
        var clock = Clock();
        await using var world = await StartAsync(clock, new ApprovalTerms { OnTimeout = meaning });
        var id = await world.StartSessionAsync("refund");
        clock.SetUtcNow((await world.NextApprovalAsync()).ExpiresAt);

        Assert.Equal(status, (await world.EndOfAsync(id)).Status);
        Assert.Equal(refunds, Refunds(world));
    }

    [Fact(Timeout = Timeout)]
    public async Task RemindersAndEscalations_GoToTheRightPeopleInOrder_AlsoAcrossARestart()
    {
        var clock = Clock();
        var channel = new RecordingChannel();
        await using var world = await StartAsync(clock, new ApprovalTerms
        {
            Approvers = ["desk"],
            Reminders = [TimeSpan.FromHours(1), TimeSpan.FromHours(3)],
            Escalation = [new EscalationStep(TimeSpan.FromHours(2), ["chief"])],
        }, channel);
        var id = await world.StartSessionAsync("refund");
        var asked = await world.NextApprovalAsync();

        Assert.Equal([(NoticeKind.Request, "ann"), (NoticeKind.Request, "bo")], await TakeAsync(channel, 2));
        var tooEarly = await DecideAsync(world, asked, "eve");
        Assert.Equal(ApproverVerdict.NotYet, Assert.IsType<DecideResult.Refused>(tooEarly).Verdict);
        clock.SetUtcNow(asked.RequestedAt.AddHours(1));
        Assert.Equal([(NoticeKind.Reminder, "ann"), (NoticeKind.Reminder, "bo")], await TakeAsync(channel, 2));
        await world.RestartAsync(() => clock.SetUtcNow(asked.RequestedAt.AddHours(2)));
        Assert.Equal([(NoticeKind.Escalation, "eve")], await TakeAsync(channel, 1));
        clock.SetUtcNow(asked.RequestedAt.AddHours(3));
        Assert.Equal([(NoticeKind.Reminder, "ann"), (NoticeKind.Reminder, "bo"), (NoticeKind.Reminder, "eve")], await TakeAsync(channel, 3));
        Assert.IsType<DecideResult.Done>(await DecideAsync(world, asked, "eve"));

        await world.EndOfAsync(id);
        Assert.False(channel.HasMore);
        var told = (await world.Store.ListTimelineAsync(id, 0, 1000, default)).Where(entry => entry.Status is "reminder" or "escalation").Select(entry => entry.Title);
        Assert.Equal(["issue_refund still waits: ann, bo", "issue_refund is escalated: eve", "issue_refund still waits: ann, bo, eve"], told);
    }

    [Fact(Timeout = Timeout)]
    public async Task AChannelThatIsDownForAnHour_DeliversOnceWhenItReturns_AndTheInboxShowsTheFailure()
    {
        var clock = Clock();
        var back = clock.GetUtcNow().AddHours(1);
        var channel = new RecordingChannel(_ => clock.GetUtcNow() < back ? new DeliveryResult.Failed("mail.example.com refused", Final: false) : new DeliveryResult.Delivered());
        await using var world = await StartAsync(clock, new ApprovalTerms { Approvers = ["chief"] }, channel);
        var id = await world.StartSessionAsync("refund");
        var asked = await world.NextApprovalAsync();

        var pending = await NoticeAsync(world, asked, clock, NoticeStatus.Failing);
        Assert.Equal("mail.example.com refused", pending.Error);
        Assert.Single(await world.ApprovalStore.ListAsync(new ApprovalQuery { Status = ApprovalStatus.Pending, Approver = "eve" }, default));
        var delivered = await NoticeAsync(world, asked, clock, NoticeStatus.Delivered);
        Assert.True(delivered.At >= back);
        Assert.InRange(delivered.Attempts, 2, 12);
        clock.Advance(TimeSpan.FromHours(2));
        await DecideAsync(world, asked, "eve");
        await world.EndOfAsync(id);

        Assert.Equal("eve", (await channel.NextAsync()).Notice.Recipient);
        Assert.False(channel.HasMore);
        Assert.Equal(delivered.Attempts, channel.Attempts);
        var told = (await world.Store.ListTimelineAsync(id, 0, 1000, default)).Select(entry => entry.Title).ToList();
        Assert.Contains("Could not tell eve by recording yet: mail.example.com refused", told);
        Assert.Contains("Told eve by recording", told);
    }

    [Fact(Timeout = Timeout)]
    public async Task AChannelThatFailsForGood_IsNotTriedAgain_AndTheDecisionStillCounts()
    {
        var clock = Clock();
        var channel = new RecordingChannel(_ => new DeliveryResult.Failed("no such address", Final: true));
        await using var world = await StartAsync(clock, new ApprovalTerms { Approvers = ["chief"] }, channel);
        var id = await world.StartSessionAsync("refund");
        var asked = await world.NextApprovalAsync();

        await NoticeAsync(world, asked, clock, NoticeStatus.Failed);
        await DecideAsync(world, asked, "eve");

        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        Assert.Equal(1, channel.Attempts);
    }

    /// <summary>At a time at which the sample's prices are in force.</summary>
    internal static FakeTimeProvider Clock()
    {
        var clock = new FakeTimeProvider();
        clock.SetUtcNow(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));
        return clock;
    }

    internal static Task<SessionWorld> StartAsync(TimeProvider clock, ApprovalTerms terms, IApprovalChannel? channel = null) => SessionWorld.StartAsync(
        ScriptedChatModel.ByTurn(
            new Plan { Steps = [ScriptedChatModel.Step("look", "get_order", new { order_id = 1042 }), ScriptedChatModel.Step("refund", "issue_refund", new { order_id = 1042, reason = "broken" })] },
            new Plan { Answer = "Done." }),
        agent: agent => WithTerms(agent, terms), time: clock, channel: channel);

    internal static AgentDefinition WithTerms(AgentDefinition agent, ApprovalTerms terms) => agent with
    {
        Approvals = new ApprovalPolicy
        {
            Groups = new Dictionary<string, IReadOnlyList<string>> { ["desk"] = ["ann", "bo"], ["chief"] = ["eve"] },
            Terms = terms,
        },
    };

    private static long Refunds(SessionWorld world) => world.Orders.Number("SELECT count(*) FROM payments WHERE order_id = 1042 AND kind = 'refund'");

    private static Task<DecideResult> DecideAsync(SessionWorld world, ApprovalRequest asked, string approver) => world.Approvals.DecideAsync(
        asked.Id, new DecideRequest { Decision = DecisionKind.Approve, Approver = approver, ArgumentsHash = asked.ArgumentsHash }, default);

    /// <summary>Time goes on, minute by minute, until the one notice of a request has come to a status.</summary>
    private static async Task<ApprovalNotice> NoticeAsync(SessionWorld world, ApprovalRequest asked, FakeTimeProvider clock, NoticeStatus status)
    {
        while (true)
        {
            if ((await world.ApprovalStore.GetAsync(asked.Id, default))!.Notices.SingleOrDefault() is { } notice && notice.Status == status)
            {
                return notice;
            }
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(1);
        }
    }

    private static async Task<IReadOnlyList<(NoticeKind, string)>> TakeAsync(RecordingChannel channel, int count)
    {
        var taken = new List<(NoticeKind, string)>();
        while (taken.Count < count)
        {
            var message = await channel.NextAsync();
            taken.Add((message.Notice.Kind, message.Notice.Recipient));
        }
        Assert.False(channel.HasMore);
        return [.. taken.Order()];
    }
}
