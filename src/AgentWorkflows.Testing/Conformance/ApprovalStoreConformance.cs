using AgentWorkflows.Approvals;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>What <see cref="IApprovalStore"/> promises.</summary>
public abstract class ApprovalStoreConformance(Func<Task<StoreUnderTest<IApprovalStore>>> open) : StoreConformance<IApprovalStore>(open)
{
    private static readonly DateTimeOffset Deadline = ApprovalFacts.Deadline;

    [Fact(Timeout = TestTimeout)]
    public async Task Create_OfANewRequest_KeepsEverything()
    {
        var answered = await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);

        Assert.Equal(SessionFacts.Text(ApprovalFacts.Request("a-1")), SessionFacts.Text(answered));
        Assert.Equal(SessionFacts.Text(ApprovalFacts.Request("a-1")), SessionFacts.Text(await Store.GetAsync("a-1", None)));
        Assert.Null(await Store.GetAsync("a-2", None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Create_OfARequestThatExists_AnswersWhatIsStored()
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);
        await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1"), None);

        var again = await Store.CreateAsync(ApprovalFacts.Request("a-1") with { Reason = "another" }, None);

        Assert.Equal(("It costs money.", ApprovalStatus.Approved), (again.Reason, again.Status));
        Assert.Single(await Store.ListAsync(new ApprovalQuery { Limit = 10 }, None));
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(ApprovalStatus.Approved)]
    [InlineData(ApprovalStatus.Rejected)]
    [InlineData(ApprovalStatus.Edited)]
    public async Task Decide_OfAPendingRequest_IsKept(ApprovalStatus status)
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);
        var decision = ApprovalFacts.Decision("d-1") with { Status = status, Reason = "ok", Arguments = status == ApprovalStatus.Edited ? SessionFacts.Json("""{"amount":5}""") : null };

        var decided = Assert.IsType<DecideOutcome.Decided>(await Store.DecideAsync("a-1", decision, None));

        Assert.Equal(SessionFacts.Text(ApprovalFacts.Request("a-1") with { Status = status, Decision = decision }), SessionFacts.Text(decided.Request));
        Assert.Equal(SessionFacts.Text(decided.Request), SessionFacts.Text(await Store.GetAsync("a-1", None)));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Decide_WithTheSameDecisionIdAgain_IsDecidedEvenAfterTheDeadline()
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);
        await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1"), None);

        var again = await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1") with { Status = ApprovalStatus.Rejected, DecidedAt = Deadline.AddDays(1) }, None);

        Assert.Equal(ApprovalStatus.Approved, Assert.IsType<DecideOutcome.Decided>(again).Request.Status);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Decide_AfterSomebodyElse_IsAlreadyDecidedAndNamesTheFirst()
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);
        await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1"), None);

        var second = await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-2") with { Approver = "eve", Status = ApprovalStatus.Rejected, ArgumentsHash = "stale" }, None);

        Assert.Equal(("bo", "d-1"), AsDecided(Assert.IsType<DecideOutcome.AlreadyDecided>(second).Request));
        Assert.Equal(ApprovalStatus.Approved, (await Store.GetAsync("a-1", None))!.Status);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Decide_ForOtherArguments_IsStaleAndLeavesItPending()
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);

        Assert.IsType<DecideOutcome.Stale>(await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1") with { ArgumentsHash = "sha256:other" }, None));

        Assert.Equal(ApprovalStatus.Pending, (await Store.GetAsync("a-1", None))!.Status);
        Assert.IsType<DecideOutcome.Decided>(await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1"), None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Decide_OneTickBeforeTheDeadline_IsDecided()
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);

        Assert.IsType<DecideOutcome.Decided>(await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1") with { DecidedAt = Deadline.AddTicks(-1) }, None));
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(ApprovalStatus.Approved)]
    [InlineData(ApprovalStatus.Rejected)]
    [InlineData(ApprovalStatus.Edited)]
    public async Task Decide_ByAPersonAtExactlyTheDeadline_IsExpiredAndLeavesItPending(ApprovalStatus status)
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);

        Assert.IsType<DecideOutcome.Expired>(await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1") with { Status = status, DecidedAt = Deadline }, None));

        Assert.Null((await Store.GetAsync("a-1", None))!.Decision);
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(ApprovalStatus.Expired)]
    [InlineData(ApprovalStatus.Withdrawn)]
    [InlineData(ApprovalStatus.Approved)]
    public async Task Decide_ByTheSystemAfterTheDeadline_IsDecided(ApprovalStatus status)
    {
        await Store.CreateAsync(ApprovalFacts.Request("a-1"), None);

        var decided = await Store.DecideAsync("a-1", ApprovalFacts.Decision("system") with { Status = status, DecidedAt = Deadline.AddMinutes(5), BySystem = true }, None);

        Assert.Equal(status, Assert.IsType<DecideOutcome.Decided>(decided).Request.Status);
        Assert.Equal(status, (await Store.GetAsync("a-1", None))!.Status);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Decide_OfAnUnknownRequest_IsNotFound() =>
        Assert.IsType<DecideOutcome.NotFound>(await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1"), None));

    [Fact(Timeout = TestTimeout)]
    public async Task Decide_ByTwoAtOnce_TwoHundredTimes_HasOneWinnerEach()
    {
        for (var round = 0; round < 200; round++)
        {
            var id = $"a-{round}";
            await Store.CreateAsync(ApprovalFacts.Request(id), None);
            var outcomes = await Task.WhenAll(
                Task.Run(() => Store.DecideAsync(id, ApprovalFacts.Decision("d-ann") with { Approver = "ann" }, None)),
                Task.Run(() => Store.DecideAsync(id, ApprovalFacts.Decision("d-eve") with { Approver = "eve", Status = ApprovalStatus.Rejected }, None)));

            var winner = Assert.Single(outcomes.OfType<DecideOutcome.Decided>()).Request;
            var loser = Assert.Single(outcomes.OfType<DecideOutcome.AlreadyDecided>()).Request;
            Assert.Equal(AsDecided(winner), AsDecided(loser));
            Assert.Equal(AsDecided(winner), AsDecided((await Store.GetAsync(id, None))!));
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task List_IsNewestFirstAndNarrowedByStatusAndSession()
    {
        for (var i = 0; i < 6; i++)
        {
            await Store.CreateAsync(ApprovalFacts.Request($"a-{i}", i % 2 == 0 ? "s-1" : "s-2") with { RequestedAt = Noon.AddMinutes(i) }, None);
        }
        await Store.DecideAsync("a-4", ApprovalFacts.Decision("d"), None);
        await Store.DecideAsync("a-1", ApprovalFacts.Decision("d"), None);

        Assert.Equal(["a-5", "a-4", "a-3", "a-2", "a-1", "a-0"], await IdsAsync(null, null));
        Assert.Equal(["a-5", "a-3", "a-2", "a-0"], await IdsAsync(ApprovalStatus.Pending, null));
        Assert.Equal(["a-4", "a-2", "a-0"], await IdsAsync(null, "s-1"));
        Assert.Equal(["a-1"], await IdsAsync(ApprovalStatus.Approved, "s-2"));
        Assert.Equal(["a-5", "a-4"], await IdsAsync(null, null, 2));
        Assert.Empty(await IdsAsync(ApprovalStatus.Expired, null));
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_001)]
    public async Task List_WithALimitOutOfRange_Throws(int limit)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAsync(new ApprovalQuery { Limit = limit }, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListUndeliveredAsync(Noon, limit, None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task ListUndelivered_HasDecidedRequestsOldestFirstUntilTheyAreDelivered()
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.CreateAsync(ApprovalFacts.Request($"a-{i}"), None);
        }
        foreach (var i in new[] { 3, 0, 2 })
        {
            await Store.DecideAsync($"a-{i}", ApprovalFacts.Decision($"d-{i}") with { DecidedAt = Noon.AddMinutes(i) }, None);
        }
        Assert.Equal(["a-0", "a-2", "a-3"], await UndeliveredAsync(10));
        Assert.Equal(["a-0", "a-2"], await UndeliveredAsync(2));

        await Store.MarkDeliveredAsync("a-2", None);
        await Store.MarkDeliveredAsync("a-2", None);
        await Store.MarkDeliveredAsync("a-unknown", None);

        Assert.Equal(["a-0", "a-3"], await UndeliveredAsync(10));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task ADecisionThatWasTold_IsDueAgainAtItsTimeOnly_AndNeverOnceTheSessionActs()
    {
        foreach (var id in new[] { "a-0", "a-1", "a-pending" })
        {
            await Store.CreateAsync(ApprovalFacts.Request(id), None);
        }
        await Store.DecideAsync("a-0", ApprovalFacts.Decision("d-0"), None);
        await Store.DecideAsync("a-1", ApprovalFacts.Decision("d-1"), None);
        await Store.PutOffDeliveryAsync("a-0", new DecisionTold(1, Noon.AddMinutes(1)), None);
        await Store.PutOffDeliveryAsync("a-pending", new DecisionTold(1, Noon.AddMinutes(1)), None);
        await Store.PutOffDeliveryAsync("a-unknown", new DecisionTold(1, Noon.AddMinutes(1)), None);

        Assert.Equal(["a-1"], await UndeliveredAsync(1, Noon));
        Assert.Equal(["a-0", "a-1"], await UndeliveredAsync(10, Noon.AddMinutes(1)));
        Assert.Equal([1, 0], (await Store.ListUndeliveredAsync(Noon.AddMinutes(1), 10, None)).Select(undelivered => undelivered.Times));

        await ReopenAsync();
        await Store.PutOffDeliveryAsync("a-0", new DecisionTold(2, Noon.AddMinutes(6)), None);
        Assert.Equal(["a-1"], await UndeliveredAsync(10, Noon.AddMinutes(5)));

        await Store.MarkDeliveredAsync("a-0", None);
        await Store.PutOffDeliveryAsync("a-0", new DecisionTold(3, Noon), None);
        Assert.Equal(["a-1"], await UndeliveredAsync(10));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reopening_KeepsRequestsDecisionsAndDeliveries()
    {
        foreach (var id in new[] { "a-pending", "a-decided", "a-delivered" })
        {
            await Store.CreateAsync(ApprovalFacts.Request(id), None);
        }
        await Store.DecideAsync("a-decided", ApprovalFacts.Decision("d-1"), None);
        await Store.DecideAsync("a-delivered", ApprovalFacts.Decision("d-2"), None);
        await Store.MarkDeliveredAsync("a-delivered", None);
        var before = SessionFacts.Text(await Store.ListAsync(new ApprovalQuery { Limit = 10 }, None));

        await ReopenAsync();

        Assert.Equal(before, SessionFacts.Text(await Store.ListAsync(new ApprovalQuery { Limit = 10 }, None)));
        Assert.Equal(["a-decided"], await UndeliveredAsync(10));
        Assert.IsType<DecideOutcome.Decided>(await Store.DecideAsync("a-decided", ApprovalFacts.Decision("d-1"), None));
        Assert.IsType<DecideOutcome.AlreadyDecided>(await Store.DecideAsync("a-decided", ApprovalFacts.Decision("d-9"), None));
        Assert.IsType<DecideOutcome.Decided>(await Store.DecideAsync("a-pending", ApprovalFacts.Decision("d-3"), None));
    }

    private static (string Approver, string DecisionId) AsDecided(ApprovalRequest request) => (request.Decision!.Approver, request.Decision.DecisionId);

    private async Task<IReadOnlyList<string>> IdsAsync(ApprovalStatus? status, string? sessionId, int limit = 1_000) =>
        [.. (await Store.ListAsync(new ApprovalQuery { Status = status, SessionId = sessionId, Limit = limit }, None)).Select(request => request.Id)];

    private Task<IReadOnlyList<string>> UndeliveredAsync(int limit) => UndeliveredAsync(limit, DateTimeOffset.MaxValue);

    private async Task<IReadOnlyList<string>> UndeliveredAsync(int limit, DateTimeOffset now) =>
        [.. (await Store.ListUndeliveredAsync(now, limit, None)).Select(undelivered => undelivered.Request.Id)];
}
