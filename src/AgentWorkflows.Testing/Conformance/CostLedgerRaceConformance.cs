using System.Collections.Concurrent;
using AgentWorkflows.Costs;
using AgentWorkflows.Words;
using Xunit;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>What <see cref="ICostLedger"/> promises to many callers at once.</summary>
public abstract class CostLedgerRaceConformance(Func<Task<StoreUnderTest<ICostLedger>>> open) : StoreConformance<ICostLedger>(open)
{
    private const int Callers = 64;
    private const int Limit = 1_000_000;
    private const int MaxCall = 20_000;

    /// <summary>How many calls each caller tries; fewer where a call crosses a network.</summary>
    protected virtual int CallsPerCaller => 60;

    /// <summary>Every refusal is a sample of the total between two changes, because it is read where nothing else can write.</summary>
    [Fact(Timeout = TestTimeout)]
    public async Task SixtyFourCallers_OnOneCap_NeverPassItAndTheEntriesAddUpToTheBill()
    {
        var cap = new CostCap("user-day:u-1:2026-11-20", Limit);
        var seen = new ConcurrentBag<Micros>();
        var billed = 0L;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(7_000 + caller);
            for (var call = 0; call < CallsPerCaller; call++)
            {
                var asked = random.Next(1, MaxCall);
                var entry = LedgerFacts.Entry($"{caller}/{call}", $"s-{caller}");
                switch (await Store.ReserveAsync(entry, asked, [cap], Noon, None))
                {
                    case ReserveOutcome.Refused refused:
                        seen.Add(refused.UsedMicros);
                        break;
                    case ReserveOutcome.Reserved when random.Next(4) == 0:
                        await Store.ReleaseAsync(entry.Id, Noon, None);
                        break;
                    default:
                        var cost = random.Next(0, asked + 1);
                        Interlocked.Add(ref billed, cost);
                        await Store.SettleAsync(entry.Id, new CostActual(cost), Noon, None);
                        break;
                }
                seen.Add(await LedgerFacts.UsedAsync(Store, cap.Scope));
            }
        })));

        Assert.InRange(seen.Max().Value, 1, Limit);
        var entries = await EntriesAsync();
        Assert.All(entries, entry => Assert.NotEqual(LedgerEntryStatus.Reserved, entry.Status));
        Assert.Equal(billed, LedgerFacts.Total(entries));
        Assert.Equal(billed, await LedgerFacts.UsedAsync(Store, cap.Scope));
        Assert.InRange(billed, Limit * 97L / 100, Limit);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task SixtyFourCallers_OfTheSameEntry_HoldItOnceAndOneOfThemIsTold()
    {
        var cap = new CostCap("session:s-1", Limit);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            () => Store.ReserveAsync(LedgerFacts.Entry("e-1"), 100 + caller, [cap], Noon, None))));

        var reserved = outcomes.Cast<ReserveOutcome.Reserved>().ToList();
        var winner = Assert.Single(reserved, outcome => !outcome.AlreadyReserved);
        Assert.All(reserved, outcome => Assert.Equal(winner.ReservedMicros, outcome.ReservedMicros));
        Assert.Equal(winner.ReservedMicros, await LedgerFacts.UsedAsync(Store, cap.Scope));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task SettlementsAndReleases_RacingOnOneEntry_LeaveATotalThatIsTheEntry()
    {
        var cap = new CostCap("session:s-1", Limit);
        for (var round = 0; round < 50; round++)
        {
            var entry = LedgerFacts.Entry($"e-{round}");
            await Store.ReserveAsync(entry, 100, [cap], Noon, None);
            await Task.WhenAll(
                Task.Run(() => Store.SettleAsync(entry.Id, new CostActual(40), Noon, None)),
                Task.Run(() => Store.ReleaseAsync(entry.Id, Noon, None)),
                Task.Run(() => Store.SettleAsync(entry.Id, new CostActual(40), Noon, None)));
        }

        Assert.Equal(50 * 40, LedgerFacts.Total(await Store.ListAsync("s-1", None)));
        Assert.Equal(50 * 40, await LedgerFacts.UsedAsync(Store, cap.Scope));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task CallersUnderOverlappingCaps_KeepEveryScopesTotalEqualToItsEntries()
    {
        const int limit = 150_000;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(9_000 + caller);
            for (var call = 0; call < CallsPerCaller / 4; call++)
            {
                var asked = random.Next(1, MaxCall);
                var entry = LedgerFacts.Entry($"{caller}/{call}", $"s-{caller}");
                CostCap[] caps = [new($"session:s-{caller}", limit), new($"user-day:{caller % 4}", limit * 4), new("global-hour:12", limit * 8)];
                if (await Store.ReserveAsync(entry, asked, caps, Noon, None) is ReserveOutcome.Reserved)
                {
                    await Store.SettleAsync(entry.Id, new CostActual(random.Next(0, asked + 1)), Noon, None);
                }
            }
        })));

        var bySession = new Micros[Callers];
        for (var caller = 0; caller < Callers; caller++)
        {
            bySession[caller] = LedgerFacts.Total(await Store.ListAsync($"s-{caller}", None));
            Assert.Equal(bySession[caller], await LedgerFacts.UsedAsync(Store, $"session:s-{caller}"));
        }
        for (var user = 0; user < 4; user++)
        {
            Assert.Equal(bySession.Where((_, caller) => caller % 4 == user).Sum(), await LedgerFacts.UsedAsync(Store, $"user-day:{user}"));
        }
        Assert.Equal(bySession.Sum(), await LedgerFacts.UsedAsync(Store, "global-hour:12"));
        Assert.InRange(bySession.Sum().Value, 1, limit * 8);
    }

    private async Task<List<LedgerEntry>> EntriesAsync()
    {
        var entries = new List<LedgerEntry>();
        for (var caller = 0; caller < Callers; caller++)
        {
            entries.AddRange(await Store.ListAsync($"s-{caller}", None));
        }
        return entries;
    }
}
