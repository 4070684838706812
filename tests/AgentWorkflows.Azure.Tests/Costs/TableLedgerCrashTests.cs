using AgentWorkflows.Azure.Costs;
using AgentWorkflows.Costs;
using AgentWorkflows.Testing;
using AgentWorkflows.Testing.Conformance;
using Xunit;

namespace AgentWorkflows.Azure.Tests.Costs;

/// <summary>A process that dies before or after any request to the storage service, in the middle of one ledger call.</summary>
public sealed class TableLedgerCrashTests
{
    private const int TestTimeout = 1_800_000;

    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly CostCap[] Caps = [new("session:s-1", 1_000), new("user-day:u", 1_000), new("global-hour:h", 1_000)];

    [Theory(Timeout = TestTimeout)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DyingInAReservation_HoldsItOnceOrNotAtAll(bool afterIt)
    {
        for (var request = 1; ; request++)
        {
            var world = await World.OpenAsync();
            var requests = new StorageRequests(request, afterIt);
            await DieAsync(requests, world, ledger => ledger.ReserveAsync(LedgerFacts.Entry("e-1"), 400, Caps, Noon, default));
            if (!requests.Died)
            {
                Assert.InRange(request, 10, 100);
                break;
            }
            Assert.IsType<ReserveOutcome.Reserved>(await world.Ledger.ReserveAsync(LedgerFacts.Entry("e-1"), 400, Caps, Noon, default));

            await world.CheckAsync(400);
            await world.Ledger.SettleAsync("e-1", new CostActual(150), Noon, default);
            await world.CheckAsync(150);
        }
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DyingInAReservationForGood_IsExpired(bool afterIt)
    {
        for (var request = 1; ; request++)
        {
            var world = await World.OpenAsync();
            var requests = new StorageRequests(request, afterIt);
            await DieAsync(requests, world, ledger => ledger.ReserveAsync(LedgerFacts.Entry("e-1"), 400, Caps, Noon, default));
            if (!requests.Died)
            {
                Assert.InRange(request, 10, 100);
                break;
            }
            await world.Ledger.ExpireAsync(Noon + EntryRules.Lifetime, 100, default);

            await world.CheckAsync(0);
            Assert.All(await world.Ledger.ListAsync("s-1", default), entry => Assert.True(entry.Expired));
        }
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DyingInASettlement_CountsItOnce(bool afterIt)
    {
        for (var request = 1; ; request++)
        {
            var world = await World.OpenAsync();
            await world.Ledger.ReserveAsync(LedgerFacts.Entry("e-1"), 400, Caps, Noon, default);
            await world.Ledger.BeginAsync("e-1", Noon, default);
            var requests = new StorageRequests(request, afterIt);
            await DieAsync(requests, world, async ledger =>
            {
                await ledger.SettleAsync("e-1", new CostActual(150), Noon, default);
                return true;
            });
            if (!requests.Died)
            {
                Assert.InRange(request, 10, 100);
                break;
            }
            // Whoever looks first sees one state or the other, never something between.
            Assert.Contains(await world.Ledger.ListAsync("s-1", default), entry => entry.Status is LedgerEntryStatus.Reserved or LedgerEntryStatus.Settled);
            await world.Ledger.SettleAsync("e-1", new CostActual(150), Noon, default);
            await world.CheckAsync(150);
            Assert.Empty(await world.Ledger.ExpireAsync(Noon + EntryRules.Lifetime, 100, default));
            await world.CheckAsync(150);
        }
    }

    [Theory(Timeout = TestTimeout)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DyingInARefusedReservation_LeavesNothingHeld(bool afterIt)
    {
        for (var request = 1; ; request++)
        {
            var world = await World.OpenAsync();
            var requests = new StorageRequests(request, afterIt);
            var dying = await world.WithAsync(requests);
            // Room is there when it is looked for, and gone when it is taken.
            var first = dying.ReserveAsync(LedgerFacts.Entry("e-1"), 700, Caps, Noon, default);
            var second = dying.ReserveAsync(LedgerFacts.Entry("e-2"), 700, Caps, Noon, default);
            await Task.WhenAll(SwallowAsync(first), SwallowAsync(second));
            if (!requests.Died)
            {
                Assert.InRange(request, 10, 100);
                break;
            }
            await world.Ledger.ExpireAsync(Noon + EntryRules.Lifetime, 100, default);
            await world.CheckAsync(0);
        }
    }

    private static async Task DieAsync<T>(StorageRequests requests, World world, Func<ICostLedger, Task<T>> act) =>
        await SwallowAsync(act(await world.WithAsync(requests)));

    private static async Task SwallowAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (CrashException)
        {
        }
    }

    private sealed record World(string Prefix, TableCostLedger Ledger)
    {
        public static async Task<World> OpenAsync()
        {
            var prefix = TestTables.NewPrefix();
            return new World(prefix, new TableCostLedger(await TestTables.OpenAsync(prefix), TimeProvider.System));
        }

        public async Task<ICostLedger> WithAsync(StorageRequests requests) =>
            new TableCostLedger(await StorageRequests.OpenAsync(Prefix, requests), TimeProvider.System);

        /// <summary>Every scope's total is what the entries count for.</summary>
        public async Task CheckAsync(long micros)
        {
            Assert.Equal(micros, LedgerFacts.Total(await Ledger.ListAsync("s-1", default)));
            foreach (var cap in Caps)
            {
                Assert.Equal(micros, await LedgerFacts.UsedAsync(Ledger, cap.Scope));
            }
        }
    }
}
