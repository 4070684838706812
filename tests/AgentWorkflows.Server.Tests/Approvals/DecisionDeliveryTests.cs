using AgentWorkflows.Approvals;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Server.Tests.Approvals;

/// <summary>A session that cannot act on a decision yet is not told of it over and over.</summary>
public sealed class DecisionDeliveryTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task ASuspendedSession_IsToldOnce_AndActsWhenItGoesOn()
    {
        var clock = DeadlineTests.Clock();
        await using var world = await DeadlineTests.StartAsync(clock, new ApprovalTerms());
        var id = await world.StartSessionAsync("refund");
        var asked = await world.NextApprovalAsync();
        await world.Orchestrations.SuspendInstanceAsync(id, "audit", default);

        Assert.IsType<DecideOutcome.Decided>(await world.DecideAsync(asked, DecisionKind.Approve));
        for (var round = 0; round < 200; round++)
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(0, await world.Approvals.DeliverPendingAsync(default));
        }
        await world.Orchestrations.ResumeInstanceAsync(id, "go on", default);

        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
        var told = (await world.Orchestrations.GetHistoryAsync(id, default))!.Count(entry => entry.Kind.Contains("EventRaised", StringComparison.Ordinal));
        Assert.Equal(1, told);
        Assert.Empty(await world.ApprovalStore.ListUndeliveredAsync(DateTimeOffset.MaxValue, 10, default));
    }

    [Fact]
    public void ASessionIsToldAgain_EverMoreSeldom()
    {
        var now = new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
        var waits = new List<TimeSpan>();
        for (var times = 0; times < 7; times++)
        {
            var told = DeliverySchedule.Tell(times, now);
            Assert.Equal(times + 1, told.Times);
            waits.Add(told.NextAt - now);
        }

        Assert.Equal([1, 5, 25, 125, 360, 360, 360], waits.Select(wait => (int)wait.TotalMinutes));
        Assert.Equal(new DecisionTold(2, now.AddMinutes(5)), DeliverySchedule.PutOff(2, now));
    }

    [Fact(Timeout = Timeout)]
    public async Task ManySessionsThatDoNotAct_DoNotKeepANewOneFromBeingTold()
    {
        var clock = DeadlineTests.Clock();
        await using var world = await DeadlineTests.StartAsync(clock, new ApprovalTerms());
        var id = await world.StartSessionAsync("refund");
        var asked = await world.NextApprovalAsync();
        for (var i = 0; i < 250; i++)
        {
            var stuck = $"stuck-{i}";
            await world.ApprovalStore.CreateAsync(asked with { Id = stuck, SessionId = stuck, InstanceId = stuck, RequestedAt = asked.RequestedAt.AddDays(-1) }, default);
            await world.ApprovalStore.DecideAsync(stuck, Decision(asked, stuck, clock), default);
            await world.ApprovalStore.PutOffDeliveryAsync(stuck, DeliverySchedule.Tell(0, clock.GetUtcNow()), default);
        }
        // The process died between the decision and the session's being told.
        await world.ApprovalStore.DecideAsync(asked.Id, Decision(asked, "d", clock), default);

        Assert.Equal(1, await world.Approvals.DeliverPendingAsync(default));

        Assert.Equal(SessionStatus.Completed, (await world.EndOfAsync(id)).Status);
    }

    private static ApprovalDecision Decision(ApprovalRequest asked, string id, TimeProvider clock) => new()
    {
        DecisionId = id,
        Status = ApprovalStatus.Approved,
        Approver = "bo",
        ArgumentsHash = asked.ArgumentsHash,
        DecidedAt = clock.GetUtcNow(),
    };
}
