using AgentWorkflows.Costs;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>What <see cref="ICostLedger"/> promises about reservations whose owner does not come back, and about reading entries by time.</summary>
public abstract class CostLedgerExpiryConformance(Func<Task<StoreUnderTest<ICostLedger>>> open) : StoreConformance<ICostLedger>(open)
{
    private static readonly CostCap[] Caps = [new("session:s-1", 1_000), new("user-day:u", 2_000), new("global-hour:h", 3_000)];

    private static DateTimeOffset Over => Noon + EntryRules.Lifetime;

    [Fact(Timeout = TestTimeout)]
    public async Task Begin_IsAnsweredToOneCallerOnly()
    {
        await ReserveAsync("e-1", 100);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.BeginAsync("e-1", Noon.AddSeconds(1), None))));

        Assert.Single(outcomes, BeginOutcome.Begun);
        Assert.Equal(15, outcomes.Count(outcome => outcome == BeginOutcome.AlreadyBegun));
        Assert.Equal(Noon.AddSeconds(1), Assert.Single(await Store.ListAsync("s-1", None)).BegunAt);
        Assert.Equal(new ReserveOutcome.Reserved(100, AlreadyReserved: true) { AlreadyBegun = true }, await ReserveAsync("e-1", 100));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Begin_OfWhatIsNotReserved_SaysSo()
    {
        await ReserveAsync("e-settled", 100);
        await Store.SettleAsync("e-settled", new CostActual(1), Noon, None);
        await ReserveAsync("e-released", 100);
        await Store.ReleaseAsync("e-released", Noon, None);

        foreach (var id in new[] { "e-settled", "e-released", "e-unknown" })
        {
            Assert.Equal(BeginOutcome.NotReserved, await Store.BeginAsync(id, Noon, None));
        }
    }

    [Fact(Timeout = TestTimeout)]
    public async Task ReserveAndBegin_AtOnce_IsAnsweredAsBegunToOneCallerOnly()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            () => Store.ReserveAndBeginAsync(LedgerFacts.Entry("e-1"), 100, Caps, Noon, None))));

        Assert.Single(answers, answer => answer.Begun == BeginOutcome.Begun);
        Assert.All(answers, answer => Assert.Equal(100, Assert.IsType<ReserveOutcome.Reserved>(answer.Reserved).ReservedMicros));
        Assert.Equal([100, 100, 100], await UsedAsync());
        Assert.Equal(Noon, Assert.Single(await Store.ListAsync("s-1", None)).BegunAt);
        var (refused, begun) = await Store.ReserveAndBeginAsync(LedgerFacts.Entry("e-2"), 901, Caps, Noon, None);
        Assert.IsType<ReserveOutcome.Refused>(refused);
        Assert.Null(begun);
        Assert.Equal([100, 100, 100], await UsedAsync());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Expire_BeforeItsTime_ChangesNothing()
    {
        await ReserveAsync("e-1", 100);

        Assert.Empty(await Store.ExpireAsync(Over.AddTicks(-1), 100, None));
        // The clock went back: later, but not lost.
        Assert.Empty(await Store.ExpireAsync(Noon.AddDays(-1), 100, None));
        Assert.Equal([100, 100, 100], await UsedAsync());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Expire_OfAReservationThatWasNeverBegun_ReleasesItAndSaysSo()
    {
        await ReserveAsync("e-1", 100);

        var expired = Assert.Single(await Store.ExpireAsync(Over, 100, None));

        var listed = Assert.Single(await Store.ListAsync("s-1", None));
        Assert.Equal(listed, expired);
        Assert.Equal((LedgerEntryStatus.Released, true, 0L, Over), (listed.Status, listed.Expired, listed.CostMicros, listed.SettledAt));
        Assert.Equal([0, 0, 0], await UsedAsync());
        Assert.Empty(await Store.ExpireAsync(Over, 100, None));
        // Whoever reserved it cannot make the call any more without asking again.
        Assert.Equal(BeginOutcome.NotReserved, await Store.BeginAsync("e-1", Over, None));
        Assert.Equal(new ReserveOutcome.Reserved(70, AlreadyReserved: false), await Store.ReserveAsync(LedgerFacts.Entry("e-1"), 70, Caps, Over, None));
        Assert.False(Assert.Single(await Store.ListAsync("s-1", None)).Expired);
        Assert.Equal([70, 70, 70], await UsedAsync());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Expire_OfACallThatWasBegun_ChargesItAsInDoubtAndItsRealCostReplacesThat()
    {
        await ReserveAsync("e-1", 100);
        await Store.BeginAsync("e-1", Noon, None);

        var expired = Assert.Single(await Store.ExpireAsync(Over, 100, None));

        Assert.Equal((LedgerEntryStatus.Settled, true, 100L, true), (expired.Status, expired.Expired, expired.CostMicros, expired.Actual!.InDoubt));
        Assert.Equal([100, 100, 100], await UsedAsync());

        await Store.SettleAsync("e-1", new CostActual(30), Over.AddSeconds(1), None);

        var settled = Assert.Single(await Store.ListAsync("s-1", None));
        Assert.Equal((30L, false), (settled.CostMicros, settled.Actual!.InDoubt));
        Assert.Equal([30, 30, 30], await UsedAsync());
        await Store.SettleAsync("e-1", new CostActual(100) { InDoubt = true }, Over.AddSeconds(2), None);
        Assert.Equal([30, 30, 30], await UsedAsync());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Expire_LeavesWhatWasSettledReleasedOrIsStillDue()
    {
        await ReserveAsync("e-settled", 100);
        await Store.SettleAsync("e-settled", new CostActual(40), Noon, None);
        await ReserveAsync("e-released", 100);
        await Store.ReleaseAsync("e-released", Noon, None);
        await Store.ReserveAsync(LedgerFacts.Entry("e-later"), 7, Caps, Noon.AddMinutes(1), None);

        Assert.Empty(await Store.ExpireAsync(Over, 100, None));
        Assert.Equal([47, 47, 47], await UsedAsync());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Expire_EndsAtMostTheLimitAtATimeOldestFirst()
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.ReserveAsync(LedgerFacts.Entry($"e-{i}"), 10, Caps, Noon.AddSeconds(i), None);
        }

        Assert.Equal(["e-0", "e-1", "e-2"], (await Store.ExpireAsync(Over.AddHours(1), 3, None)).Select(entry => entry.Entry.Id));
        Assert.Equal([20, 20, 20], await UsedAsync());
        Assert.Equal(["e-3", "e-4"], (await Store.ExpireAsync(Over.AddHours(1), 3, None)).Select(entry => entry.Entry.Id));
        Assert.Equal([0, 0, 0], await UsedAsync());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Expire_RacingWithBegins_NeverReleasesACallThatMayBeMade()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = $"e-{round}";
            await ReserveAsync(id, 10);
            var begin = Task.Run(() => Store.BeginAsync(id, Over, None));
            await Task.WhenAll(begin, Task.Run(() => Store.ExpireAsync(Over, 10, None)));
            await Store.ExpireAsync(Over, 10, None);

            var entry = (await Store.ListAsync("s-1", None)).Single(entry => entry.Entry.Id == id);
            Assert.Equal(await begin == BeginOutcome.Begun ? LedgerEntryStatus.Settled : LedgerEntryStatus.Released, entry.Status);
            await Store.SettleAsync(id, new CostActual(0), Over, None);
        }
        Assert.Equal([0, 0, 0], await UsedAsync());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_UnderACapThatOnlyLeakedReservationsFill_FindsRoomOnceTheyAreOver()
    {
        await ReserveAsync("e-leaked", 1_000);
        Assert.IsType<ReserveOutcome.Refused>(await Store.ReserveAsync(LedgerFacts.Entry("e-1"), 1, Caps, Over.AddTicks(-1), None));

        Assert.IsType<ReserveOutcome.Reserved>(await Store.ReserveAsync(LedgerFacts.Entry("e-1"), 1_000, Caps, Over, None));

        Assert.True((await Store.ListAsync("s-1", None))[0].Expired);
        Assert.Equal([1_000, 1_000, 1_000], await UsedAsync());
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Read_AnswersTheEntriesReservedInATimeOfAnySession()
    {
        for (var i = 0; i < 6; i++)
        {
            await Store.ReserveAsync(LedgerFacts.Entry($"e-{i}", $"s-{i % 3}"), i, [], Noon.AddMinutes(i * 30), None);
        }
        await Store.SettleAsync("e-2", new CostActual(1), Noon.AddDays(3), None);

        Assert.Equal(["e-1", "e-2", "e-3"], await ReadAsync(Noon.AddMinutes(30), Noon.AddMinutes(120)));
        Assert.Empty(await ReadAsync(Noon.AddDays(2), Noon.AddDays(9)));
        Assert.Equal(6, (await ReadAsync(Noon.AddHours(-13), Noon.AddDays(1))).Count);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Purge_ForgetsOldEntriesAndTotalsThatNothingCountsInAnyMore()
    {
        CostCap[] caps = [new("session:s-1", 1_000), new("user-day:u:2026-11-20", 1_000), new("user-month:u:2026-11", 1_000), new("agent-day:x", 1_000)];
        for (var i = 0; i < 4; i++)
        {
            await Store.ReserveAsync(LedgerFacts.Entry($"e-{i}"), 10, caps, Noon.AddHours(i), None);
        }
        await Store.SettleAsync("e-0", new CostActual(5), Noon.AddDays(5), None);
        await Store.ReleaseAsync("e-1", Noon, None);
        await Store.SettleAsync("e-3", new CostActual(7), Noon, None);

        // Old enough are three; one of them is still reserved.
        Assert.Equal(1, await Store.PurgeAsync(Noon.AddHours(3), 1, None));
        Assert.Equal(1, await Store.PurgeAsync(Noon.AddHours(3), 100, None));
        Assert.Equal(["e-2", "e-3"], (await Store.ListAsync("s-1", None)).Select(entry => entry.Entry.Id));
        Assert.Equal([22, 22, 22, 22], await UsedAsync(caps));

        await Store.ReleaseAsync("e-2", Noon, None);
        Assert.Equal(2, await Store.PurgeAsync(Noon.AddDays(2), 100, None));
        Assert.Empty(await Store.ListAsync("s-1", None));
        Assert.Empty(await ReadAsync(Noon.AddDays(-1), Noon.AddDays(2)));
        // The session has no entries and the day is over; the month is not.
        Assert.Equal([0, 0, 12, 12], await UsedAsync(caps));
        Assert.Equal(0, await Store.PurgeAsync(Noon.AddDays(2), 100, None));
    }

    private Task<ReserveOutcome> ReserveAsync(string id, Micros micros) => Store.ReserveAsync(LedgerFacts.Entry(id), micros, Caps, Noon, None);

    private Task<IReadOnlyList<Micros>> UsedAsync() => UsedAsync(Caps);

    private async Task<IReadOnlyList<Micros>> UsedAsync(IEnumerable<CostCap> caps) =>
        await Task.WhenAll(caps.Select(cap => LedgerFacts.UsedAsync(Store, cap.Scope)));

    private async Task<List<string>> ReadAsync(DateTimeOffset from, DateTimeOffset to)
    {
        var ids = new List<string>();
        await foreach (var entry in Store.ReadAsync(from, to, None))
        {
            ids.Add(entry.Entry.Id);
        }
        return [.. ids.Order(StringComparer.Ordinal)];
    }
}
