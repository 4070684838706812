using AgentWorkflows.Costs;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>What <see cref="ICostLedger"/> promises for one caller. <see cref="CostLedgerRaceConformance"/> has the rest.</summary>
public abstract class CostLedgerConformance(Func<Task<StoreUnderTest<ICostLedger>>> open) : StoreConformance<ICostLedger>(open)
{
    private const long TwoTo53 = 1L << 53;

    private static readonly CostCap[] Wide = [LedgerFacts.Cap("session:s-1", 1_000_000)];

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_OfANewEntry_HoldsTheWorstCase()
    {
        Assert.Equal(new ReserveOutcome.Reserved(400, AlreadyReserved: false), await ReserveAsync("e-1", 400, Wide));

        var entry = Assert.Single(await Store.ListAsync("s-1", None));
        Assert.Equal(LedgerFacts.Entry("e-1"), entry.Entry);
        Assert.Equal((LedgerEntryStatus.Reserved, 400L, 0L, Noon), (entry.Status, entry.ReservedMicros, entry.CostMicros, entry.ReservedAt));
        Assert.Null(entry.Actual);
        Assert.Null(entry.SettledAt);
        Assert.Equal(400, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_OfAReservedEntry_AnswersTheFirstAmountAndHoldsNothingMore()
    {
        await ReserveAsync("e-1", 400, Wide);

        Assert.Equal(new ReserveOutcome.Reserved(400, AlreadyReserved: true), await ReserveAsync("e-1", 900, Wide));
        Assert.Equal(400, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_OfAReservedEntryUnderACapThatIsFullNow_IsNotRefused()
    {
        await ReserveAsync("e-1", 400, [LedgerFacts.Cap("session:s-1", 400)]);

        Assert.Equal(new ReserveOutcome.Reserved(400, AlreadyReserved: true), await ReserveAsync("e-1", 400, [LedgerFacts.Cap("session:s-1", 400)]));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_OfASettledEntry_AnswersWhatItCost()
    {
        await ReserveAsync("e-1", 400, Wide);
        await SettleAsync("e-1", 300);

        var settled = Assert.IsType<ReserveOutcome.AlreadySettled>(await ReserveAsync("e-1", 400, Wide));
        Assert.Equal((LedgerEntryStatus.Settled, 300L), (settled.Entry.Status, settled.Entry.CostMicros));
        Assert.Equal(300, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_AboveACap_NamesTheScopeUsedAskedAndLimit()
    {
        await ReserveAsync("e-1", 700, [LedgerFacts.Cap("user-day:u:2026-11-20", 1_000)]);

        Assert.Equal(
            new ReserveOutcome.Refused("user-day:u:2026-11-20", 700, 301, 1_000),
            await ReserveAsync("e-2", 301, [LedgerFacts.Cap("user-day:u:2026-11-20", 1_000)]));
        Assert.Single(await Store.ListAsync("s-1", None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_ToExactlyTheLimit_IsAllowedAndAMicroMoreIsNot()
    {
        CostCap[] cap = [LedgerFacts.Cap("session:s-1", 1_000)];

        Assert.IsType<ReserveOutcome.Reserved>(await ReserveAsync("e-1", 1_000, cap));
        Assert.Equal(new ReserveOutcome.Refused("session:s-1", 1_000, 1, 1_000), await ReserveAsync("e-2", 1, cap));
        Assert.IsType<ReserveOutcome.Reserved>(await ReserveAsync("e-3", 0, cap));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_WhenTheLastOfSeveralCapsRefuses_HoldsNothingInAny()
    {
        CostCap[] caps = [LedgerFacts.Cap("session:s-1", 1_000), LedgerFacts.Cap("user-day:u", 1_000), LedgerFacts.Cap("global-hour:h", 99)];

        Assert.Equal(new ReserveOutcome.Refused("global-hour:h", 0, 100, 99), await ReserveAsync("e-1", 100, caps));

        Assert.Empty(await Store.ListAsync("s-1", None));
        Assert.Equal([0, 0, 0], await UsedAsync("session:s-1", "user-day:u", "global-hour:h"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_UnderSeveralCaps_CountsInEachAndSettlementsMoveAll()
    {
        CostCap[] caps = [LedgerFacts.Cap("session:s-1", 1_000), LedgerFacts.Cap("user-day:u", 2_000), LedgerFacts.Cap("global-hour:h", 3_000)];

        await ReserveAsync("e-1", 100, caps);
        Assert.Equal([100, 100, 100], await UsedAsync("session:s-1", "user-day:u", "global-hour:h"));

        await SettleAsync("e-1", 60);
        Assert.Equal([60, 60, 60], await UsedAsync("session:s-1", "user-day:u", "global-hour:h"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_AfterACapWasLowered_IsRefusedUntilThereIsRoom()
    {
        await ReserveAsync("e-1", 800, [LedgerFacts.Cap("session:s-1", 1_000)]);
        CostCap[] lowered = [LedgerFacts.Cap("session:s-1", 500)];

        Assert.Equal(new ReserveOutcome.Refused("session:s-1", 800, 1, 500), await ReserveAsync("e-2", 1, lowered));
        await SettleAsync("e-1", 100);
        Assert.Equal(new ReserveOutcome.Reserved(400, AlreadyReserved: false), await ReserveAsync("e-2", 400, lowered));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_WithoutCaps_RecordsTheEntry()
    {
        Assert.IsType<ReserveOutcome.Reserved>(await ReserveAsync("e-1", 5, []));
        await SettleAsync("e-1", 4);

        Assert.Equal(4, Assert.Single(await Store.ListAsync("s-1", None)).CostMicros);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_UnderScopesWithAwkwardNames_KeepsThemApart()
    {
        CostCap[] caps = [LedgerFacts.Cap("user-day:a\nb/c#d?%0A%é\t", 1_000), LedgerFacts.Cap("user-day:a", 1_000)];

        await ReserveAsync("e/1#2\n", 100, caps);
        await SettleAsync("e/1#2\n", 30);

        Assert.Equal([30, 30, 0], await UsedAsync("user-day:a\nb/c#d?%0A%é\t", "user-day:a", "b/c#d?%0A%é\t"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_OfANegativeOrAbsurdAmount_IsRefusedAsABug()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReserveAsync("e-1", -1, Wide));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReserveAsync("e-1", TwoTo53 + 1, Wide));
        Assert.Empty(await Store.ListAsync("s-1", None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Settle_BelowTheReservation_GivesTheRestBack()
    {
        await ReserveAsync("e-1", 400, Wide);

        await Store.SettleAsync("e-1", new CostActual(150) { InputTokens = 10, CachedInputTokens = 4, OutputTokens = 3, PriceSheetVersion = "v1" }, Noon.AddSeconds(2), None);

        var entry = Assert.Single(await Store.ListAsync("s-1", None));
        Assert.Equal((LedgerEntryStatus.Settled, 400L, 150L, Noon.AddSeconds(2)), (entry.Status, entry.ReservedMicros, entry.CostMicros, entry.SettledAt));
        Assert.Equal(new CostActual(150) { InputTokens = 10, CachedInputTokens = 4, OutputTokens = 3, PriceSheetVersion = "v1" }, entry.Actual);
        Assert.Equal(150, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Settle_AboveTheReservationAndTheCap_IsRecordedInFullAndNothingMoreFits()
    {
        CostCap[] cap = [LedgerFacts.Cap("session:s-1", 500)];
        await ReserveAsync("e-1", 400, cap);

        await SettleAsync("e-1", 900);

        Assert.Equal(900, Assert.Single(await Store.ListAsync("s-1", None)).CostMicros);
        Assert.Equal(new ReserveOutcome.Refused("session:s-1", 900, 1, 500), await ReserveAsync("e-2", 1, cap));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Settle_TwiceWithTheSameAmount_CountsOnce()
    {
        await ReserveAsync("e-1", 400, Wide);
        await SettleAsync("e-1", 300);
        var first = Assert.Single(await Store.ListAsync("s-1", None));

        await Store.SettleAsync("e-1", new CostActual(300), Noon.AddHours(1), None);

        Assert.Equal(first, Assert.Single(await Store.ListAsync("s-1", None)));
        Assert.Equal(300, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Settle_AgainWithAnotherAmount_ThrowsAndChangesNothing()
    {
        await ReserveAsync("e-1", 400, Wide);
        await SettleAsync("e-1", 300);

        await Assert.ThrowsAsync<InvalidOperationException>(() => SettleAsync("e-1", 301));

        Assert.Equal(300, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Settle_OfAnEntryNobodyReserved_Throws() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => SettleAsync("e-1", 1));

    [Fact(Timeout = TestTimeout)]
    public async Task Settle_OfANegativeOrAbsurdAmount_IsRefusedAsABug()
    {
        await ReserveAsync("e-1", 400, Wide);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SettleAsync("e-1", -1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SettleAsync("e-1", TwoTo53 + 1));
        Assert.Equal(400, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Settle_InDoubt_SaysSo()
    {
        await ReserveAsync("e-1", 400, Wide);

        await Store.SettleAsync("e-1", new CostActual(400) { InDoubt = true }, Noon, None);

        Assert.True(Assert.Single(await Store.ListAsync("s-1", None)).Actual!.InDoubt);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Settle_AfterARelease_CountsWhatWasBilled()
    {
        await ReserveAsync("e-1", 400, Wide);
        await Store.ReleaseAsync("e-1", Noon, None);

        await SettleAsync("e-1", 250);

        Assert.Equal((LedgerEntryStatus.Settled, 250L), StateOf(Assert.Single(await Store.ListAsync("s-1", None))));
        Assert.Equal(250, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Release_OfAReservation_GivesItAllBackOnce()
    {
        await ReserveAsync("e-1", 400, Wide);
        await ReserveAsync("e-2", 50, Wide);

        await Store.ReleaseAsync("e-1", Noon.AddSeconds(1), None);
        await Store.ReleaseAsync("e-1", Noon.AddSeconds(9), None);

        var released = (await Store.ListAsync("s-1", None))[0];
        Assert.Equal((LedgerEntryStatus.Released, 0L), StateOf(released));
        Assert.Equal(Noon.AddSeconds(1), released.SettledAt);
        Assert.Equal(50, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Release_OfASettledOrUnknownEntry_DoesNothing()
    {
        await ReserveAsync("e-1", 400, Wide);
        await SettleAsync("e-1", 300);

        await Store.ReleaseAsync("e-1", Noon, None);
        await Store.ReleaseAsync("e-unknown", Noon, None);

        Assert.Equal((LedgerEntryStatus.Settled, 300L), StateOf(Assert.Single(await Store.ListAsync("s-1", None))));
        Assert.Equal(300, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_OfAReleasedEntry_ReservesAfreshUnderTheCapsOfNow()
    {
        await ReserveAsync("e-1", 400, [LedgerFacts.Cap("session:s-1", 1_000), LedgerFacts.Cap("global-hour:11", 1_000)]);
        await ReserveAsync("e-2", 10, [LedgerFacts.Cap("session:s-1", 1_000)]);
        await Store.ReleaseAsync("e-1", Noon, None);

        var again = await Store.ReserveAsync(
            LedgerFacts.Entry("e-1"), 600, [LedgerFacts.Cap("session:s-1", 1_000), LedgerFacts.Cap("global-hour:12", 1_000)], Noon.AddHours(1), None);

        Assert.Equal(new ReserveOutcome.Reserved(600, AlreadyReserved: false), again);
        var entries = await Store.ListAsync("s-1", None);
        Assert.Equal(["e-1", "e-2"], entries.Select(entry => entry.Entry.Id));
        Assert.Equal((LedgerEntryStatus.Reserved, 600L, 0L, Noon.AddHours(1)), (entries[0].Status, entries[0].ReservedMicros, entries[0].CostMicros, entries[0].ReservedAt));
        Assert.Null(entries[0].SettledAt);
        Assert.Equal([610, 0, 600], await UsedAsync("session:s-1", "global-hour:11", "global-hour:12"));

        await SettleAsync("e-1", 500);
        Assert.Equal([510, 0, 500], await UsedAsync("session:s-1", "global-hour:11", "global-hour:12"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reserve_OfAReleasedEntryAboveACap_IsRefusedAndTheEntryStaysReleased()
    {
        await ReserveAsync("e-1", 400, Wide);
        await Store.ReleaseAsync("e-1", Noon, None);

        Assert.IsType<ReserveOutcome.Refused>(await ReserveAsync("e-1", 400, [LedgerFacts.Cap("session:s-1", 399)]));
        Assert.Equal(LedgerEntryStatus.Released, Assert.Single(await Store.ListAsync("s-1", None)).Status);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Amounts_UpTo2To53_AreExact()
    {
        CostCap[] cap = [LedgerFacts.Cap("session:s-1", TwoTo53)];

        Assert.Equal(new ReserveOutcome.Reserved(TwoTo53, AlreadyReserved: false), await ReserveAsync("e-1", TwoTo53, cap));
        Assert.Equal(new ReserveOutcome.Refused("session:s-1", TwoTo53, TwoTo53, TwoTo53), await ReserveAsync("e-2", TwoTo53, cap));
        await SettleAsync("e-1", TwoTo53 - 1);
        Assert.Equal(TwoTo53 - 1, Assert.Single(await Store.ListAsync("s-1", None)).CostMicros);
        Assert.Equal(new ReserveOutcome.Reserved(1, AlreadyReserved: false), await ReserveAsync("e-2", 1, cap));
        Assert.Equal(TwoTo53, await UsedAsync("session:s-1"));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task List_AnswersTheSessionsEntriesInTheOrderOfTheirReservation()
    {
        for (var i = 0; i < 25; i++)
        {
            await Store.ReserveAsync(LedgerFacts.Entry($"e-{(i * 7) % 25}", i % 2 == 0 ? "s-1" : "s-2"), i, [], Noon.AddSeconds(-i), None);
        }

        Assert.Equal(
            Enumerable.Range(0, 25).Where(i => i % 2 == 0).Select(i => $"e-{(i * 7) % 25}"),
            (await Store.ListAsync("s-1", None)).Select(entry => entry.Entry.Id));
        Assert.Empty(await Store.ListAsync("s-3", None));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task Reopening_KeepsEntriesTotalsAndWhatIsIdempotent()
    {
        await ReserveAsync("e-settled", 400, Wide);
        await SettleAsync("e-settled", 300);
        await ReserveAsync("e-reserved", 70, Wide);
        await ReserveAsync("e-released", 9, Wide);
        await Store.ReleaseAsync("e-released", Noon, None);
        var before = await Store.ListAsync("s-1", None);

        await ReopenAsync();

        Assert.Equal(before, await Store.ListAsync("s-1", None));
        Assert.Equal(370, await UsedAsync("session:s-1"));
        Assert.IsType<ReserveOutcome.AlreadySettled>(await ReserveAsync("e-settled", 400, Wide));
        Assert.Equal(new ReserveOutcome.Reserved(70, AlreadyReserved: true), await ReserveAsync("e-reserved", 70, Wide));
        await SettleAsync("e-reserved", 20);
        Assert.Equal(320, await UsedAsync("session:s-1"));
    }

    private static (LedgerEntryStatus Status, Micros Cost) StateOf(LedgerEntry entry) => (entry.Status, entry.CostMicros);

    private Task<ReserveOutcome> ReserveAsync(string id, Micros micros, IReadOnlyList<CostCap> caps) =>
        Store.ReserveAsync(LedgerFacts.Entry(id), micros, caps, Noon, None);

    private Task SettleAsync(string id, Micros micros) => Store.SettleAsync(id, new CostActual(micros), Noon, None);

    private Task<Micros> UsedAsync(string scope) => LedgerFacts.UsedAsync(Store, scope);

    private async Task<IReadOnlyList<Micros>> UsedAsync(params string[] scopes) => await Task.WhenAll(scopes.Select(UsedAsync));
}
