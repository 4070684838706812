using AgentWorkflows.Azure.Costs;
using AgentWorkflows.Benchmarks;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Testing.Conformance;
using AgentWorkflows.Words;
using Xunit;
using Xunit.Abstractions;

namespace AgentWorkflows.Azure.Tests.Costs;

/// <summary>What docs/costs.md says a call costs in storage operations.</summary>
public sealed class TableLedgerOperationsTests(ITestOutputHelper output)
{
    private const int TestTimeout = 600_000;

    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact(Timeout = TestTimeout)]
    public async Task AReserveBeginSettle_UnderTheFiveCaps_TakesAtMost45Requests()
    {
        var requests = new StorageRequests();
        var ledger = new TableCostLedger(await StorageRequests.OpenAsync(TestTables.NewPrefix(), requests), TimeProvider.System);
        await CallAsync(ledger, "warm");
        var before = requests.Count;

        await CallAsync(ledger, "e-1");

        Assert.InRange(requests.Count - before, 20, 45);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task ChangesOfOneScopeThatWaitTogether_GoInOneTransaction()
    {
        var requests = new StorageRequests();
        var tables = await StorageRequests.OpenAsync(TestTables.NewPrefix(), requests);
        var writer = new ScopeWriter(tables.Ledger, "scope|x|0");
        await writer.ApplyAsync(new ScopeChange("change|first", 1, 10_000), default);
        var before = requests.Count;

        await Task.WhenAll(Enumerable.Range(0, 150).Select(i => writer.ApplyAsync(new ScopeChange($"change|{i}", 2, 10_000), default)));

        Assert.Equal(301, await writer.ReadTotalAsync(default));
        // One that was alone, then at most 99 together.
        Assert.InRange(requests.Count - before, 2, 30);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task AChangeThatIsTriedAgain_CountsOnceEvenWhenTheScopeIsFullNow()
    {
        var tables = await TestTables.OpenAsync(TestTables.NewPrefix());
        Assert.Equal(ScopeOutcome.Applied, await new ScopeWriter(tables.Ledger, "scope|x|0").ApplyAsync(new ScopeChange("change|1", 7, 7), default));

        Assert.Equal(ScopeOutcome.Applied, await new ScopeWriter(tables.Ledger, "scope|x|0").ApplyAsync(new ScopeChange("change|1", 7, 7), default));
        Assert.Equal(ScopeOutcome.Full, await new ScopeWriter(tables.Ledger, "scope|x|0").ApplyAsync(new ScopeChange("change|2", 1, 7), default));
        Assert.Equal(7, await new ScopeWriter(tables.Ledger, "scope|x|0").ReadTotalAsync(default));
    }

    [Fact(Timeout = TestTimeout)]
    public async Task TwoProcesses_OnOneCap_NeverPassIt()
    {
        var prefix = TestTables.NewPrefix();
        var ledgers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => new TableCostLedger(await TestTables.OpenAsync(prefix), TimeProvider.System)));
        CostCap[] caps = [new("user-day:u", 10_000)];

        await Task.WhenAll(Enumerable.Range(0, 24).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var call = 0; call < 5; call++)
            {
                var id = $"{caller}/{call}";
                var asked = random.Next(1, 600);
                if (await ledgers[caller % 4].ReserveAsync(LedgerFacts.Entry(id), asked, caps, Noon, default) is ReserveOutcome.Reserved)
                {
                    await ledgers[(caller + 1) % 4].SettleAsync(id, new CostActual(asked - (asked % 3)), Noon, default);
                }
            }
        })));

        var total = LedgerFacts.Total(await ledgers[0].ListAsync("s-1", default));
        Assert.Equal(total, await LedgerFacts.UsedAsync(ledgers[1], "user-day:u"));
        Assert.InRange(total, 1, 10_000);
        output.WriteLine($"{total} of 10,000 used.");
    }

    [Fact(Timeout = TestTimeout)]
    public async Task SixtyFourSessions_HammeringOneCapForTenSeconds_NeverPassIt()
    {
        const long cap = 1_000_000;
        var ledger = new TableCostLedger(await TestTables.OpenAsync(TestTables.NewPrefix()), TimeProvider.System);

        var result = await LedgerHammer.RunAsync(ledger, cap, TimeSpan.FromSeconds(10), maxCall: 200_000);

        Assert.InRange(result.MaxSeenMicros, 0, cap);
        Assert.Equal((result.BilledMicros, result.BilledMicros), (result.EntriesMicros, result.TotalMicros));
        Assert.InRange(result.TotalMicros, 1, cap);
        // How much of the cap is used in that time says how fast the machine is.
        output.WriteLine($"{result.Calls} calls and {result.Refused} refusals; {100.0 * result.TotalMicros / cap:0.0} % of the cap used, at most {100.0 * result.MaxSeenMicros / cap:0.0} % seen.");
    }

    private static async Task CallAsync(TableCostLedger ledger, string id)
    {
        var caps = CostCaps.For(new SessionRef("s-1", "desk", "hash", "u-1", "refund"), new SessionLimits(), new CostCapOptions(), Noon);
        Assert.IsType<ReserveOutcome.Reserved>(await ledger.ReserveAsync(LedgerFacts.Entry(id), 400, caps, Noon, default));
        Assert.Equal(BeginOutcome.Begun, await ledger.BeginAsync(id, Noon, default));
        await ledger.SettleAsync(id, new CostActual(150), Noon, default);
    }
}
