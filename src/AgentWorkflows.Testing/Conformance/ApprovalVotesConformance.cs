using AgentWorkflows.Approvals;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>What <see cref="IApprovalStore"/> promises where several people decide, about who finds what, and about notices.</summary>
public abstract class ApprovalVotesConformance(Func<Task<StoreUnderTest<IApprovalStore>>> open) : StoreConformance<IApprovalStore>(open)
{
    [Fact(Timeout = TestTimeout)]
    public async Task Decide_WhereTwoAreRequired_CountsTheFirstAndDecidesWithTheSecond()
    {
        await Store.CreateAsync(ForTwo("a-1"), None);

        var first = Assert.IsType<DecideOutcome.Counted>(await Store.DecideAsync("a-1", By("ann"), None));
        Assert.Equal((ApprovalStatus.Pending, 1), (first.Request.Status, first.Request.Votes.Count));
        Assert.Empty(await Store.ListUndeliveredAsync(DateTimeOffset.MaxValue, 10, None));
        var second = Assert.IsType<DecideOutcome.Decided>(await Store.DecideAsync("a-1", By("bo"), None));

        Assert.Equal(["ann", "bo"], second.Request.Votes.Select(vote => vote.Approver));
        Assert.Equal((ApprovalStatus.Approved, "bo"), (second.Request.Status, second.Request.Decision!.Approver));
        Assert.Equal(SessionFacts.Text(second.Request), SessionFacts.Text(await Store.GetAsync("a-1", None)));
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData("ann")]
    [InlineData(" Ann ")]
    public async Task Decide_ByTheSamePersonTwice_IsRefused(string again)
    {
        await Store.CreateAsync(ForTwo("a-1"), None);
        await Store.DecideAsync("a-1", By("ann"), None);

        Assert.IsType<DecideOutcome.SameApprover>(await Store.DecideAsync("a-1", By(again) with { DecisionId = "another" }, None));
        Assert.IsType<DecideOutcome.Counted>(await Store.DecideAsync("a-1", By("ann"), None));

        Assert.Equal((ApprovalStatus.Pending, 1), ((await Store.GetAsync("a-1", None))!.Status, (await Store.GetAsync("a-1", None))!.Votes.Count));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Decide_WhereTwoAreRequired_OneRejectionIsEnough()
    {
        await Store.CreateAsync(ForTwo("a-1"), None);
        await Store.DecideAsync("a-1", By("ann"), None);

        var rejected = Assert.IsType<DecideOutcome.Decided>(await Store.DecideAsync("a-1", By("bo") with { Status = ApprovalStatus.Rejected }, None));

        Assert.Equal(ApprovalStatus.Rejected, rejected.Request.Status);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Decide_ByFourAtOnceWhereTwoAreRequired_HasOneCountedAndOneDecided()
    {
        for (var round = 0; round < 50; round++)
        {
            var id = $"a-{round}";
            await Store.CreateAsync(ForTwo(id), None);
            var outcomes = await Task.WhenAll(new[] { "ann", "bo", "cy", "di" }.Select(name => Task.Run(() => Store.DecideAsync(id, By(name), None))));

            Assert.Single(outcomes.OfType<DecideOutcome.Counted>());
            Assert.Single(outcomes.OfType<DecideOutcome.Decided>());
            Assert.Equal(2, outcomes.OfType<DecideOutcome.AlreadyDecided>().Count());
            Assert.Equal(2, (await Store.GetAsync(id, None))!.Votes.Count);
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task List_NarrowsByTheSessionsUserAndByWhoMayDecide()
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-all"), None);
        await Store.CreateAsync(ApprovalFacts.Request("a-ann") with { Stages = [new ApproverStage(Noon, ["ann"])] }, None);
        await Store.CreateAsync(
            ApprovalFacts.Request("a-both") with { UserId = "u-2", Stages = [new ApproverStage(Noon, ["ann"]), new ApproverStage(Noon.AddHours(1), ["bo"])] }, None);
        await Store.DecideAsync("a-ann", By("ann"), None);
        await Store.CreateAsync(
            ApprovalFacts.Request("a-open") with { UserId = "u-3", Stages = [new ApproverStage(Noon, []), new ApproverStage(Noon.AddHours(1), ["bo"])] }, None);

        Assert.Equal(["a-both"], await IdsAsync(new ApprovalQuery { UserId = "u-2" }));
        Assert.Equal(["a-open", "a-both", "a-ann", "a-all"], await IdsAsync(new ApprovalQuery { Approver = "Ann" }));
        Assert.Equal(["a-open", "a-both", "a-all"], await IdsAsync(new ApprovalQuery { Approver = "bo" }));
        Assert.Equal(["a-open", "a-all"], await IdsAsync(new ApprovalQuery { Approver = "nobody" }));
        Assert.Equal(["a-all"], await IdsAsync(new ApprovalQuery { Approver = "ann", UserId = "u-1", Status = ApprovalStatus.Pending }));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task PutNotices_AddsAndReplacesById_AndADeliveredOneStays()
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);
        var notice = new ApprovalNotice("n-1", "email", "ann", NoticeKind.Request);
        var failing = notice with { Status = NoticeStatus.Failing, Attempts = 1, At = Noon, Error = "refused" };
        var delivered = notice with { Status = NoticeStatus.Delivered, Attempts = 2, At = Noon.AddHours(1) };

        await Store.PutNoticesAsync("a-1", [notice, notice with { Id = "n-2" }], None);
        await Store.PutNoticesAsync("a-1", [failing], None);
        Assert.Equal([failing, notice with { Id = "n-2" }], (await Store.GetAsync("a-1", None))!.Notices);
        await Store.PutNoticesAsync("a-1", [delivered], None);
        await Store.PutNoticesAsync("a-1", [failing with { Attempts = 3 }], None);
        await Store.DecideAsync("a-1", By("ann"), None);
        var stored = await Store.PutNoticesAsync("a-1", [notice with { Id = "n-2", Status = NoticeStatus.Unneeded }], None);

        Assert.Equal([delivered, notice with { Id = "n-2", Status = NoticeStatus.Unneeded }], stored!.Notices);
        Assert.Equal(ApprovalStatus.Approved, stored.Status);
        Assert.Equal(SessionFacts.Text(stored), SessionFacts.Text(await Store.GetAsync("a-1", None)));
        Assert.Null(await Store.PutNoticesAsync("a-unknown", [notice], None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task PutNotices_WhileDecisionsAreMade_LosesNeither()
    {
        for (var round = 0; round < 50; round++)
        {
            var id = $"a-{round}";
            await Store.CreateAsync(ForTwo(id), None);
            await Task.WhenAll(
                Task.Run(() => Store.DecideAsync(id, By("ann"), None)),
                Task.Run(() => Store.PutNoticesAsync(id, [new ApprovalNotice("n-1", "email", "ann", NoticeKind.Request)], None)),
                Task.Run(() => Store.DecideAsync(id, By("bo"), None)));

            var stored = (await Store.GetAsync(id, None))!;
            Assert.Equal((ApprovalStatus.Approved, 2, 1), (stored.Status, stored.Votes.Count, stored.Notices.Count));
        }
    }

    private static ApprovalRequest ForTwo(string id) => ApprovalFacts.Request(id) with { Required = 2 };

    private static ApprovalDecision By(string approver) => ApprovalFacts.Decision("d-" + approver) with { Approver = approver };

    private async Task<IReadOnlyList<string>> IdsAsync(ApprovalQuery query) => [.. (await Store.ListAsync(query, None)).Select(request => request.Id)];
}
