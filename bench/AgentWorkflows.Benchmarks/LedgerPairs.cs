using System.Diagnostics;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Words;

namespace AgentWorkflows.Benchmarks;

/// <summary>Reserve and settle under the five caps of a real call, by 64 sessions of 16 users and 4 agents, each with several calls under way.</summary>
internal static class LedgerPairs
{
    private const int Sessions = 64;
    private const int CallsAtOnce = 8;

    private static readonly CostCapOptions Wide = new()
    {
        UserPerDayMicros = 1L << 53,
        UserPerMonthMicros = 1L << 53,
        AgentPerDayMicros = 1L << 53,
        GlobalPerHourMicros = 1L << 53,
    };

    public static async Task<double> MeasureAsync(ICostLedger ledger, TimeSpan duration)
    {
        await RunAsync(ledger, TimeSpan.FromMilliseconds(500), "warm");
        var clock = Stopwatch.StartNew();
        var pairs = await RunAsync(ledger, duration, "pair");
        return pairs / clock.Elapsed.TotalSeconds;
    }

    public static CostEntry Entry(string id, int session) => new(id, $"s-{session}", 1, CostKind.Model, "gpt-4.1-mini")
    {
        Agent = $"agent-{session % 4}",
        UserId = $"user-{session % 16}",
        TaskType = "refund",
        Purpose = "plan",
    };

    private static async Task<long> RunAsync(ICostLedger ledger, TimeSpan duration, string name)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Sessions * CallsAtOnce).Select(worker => Task.Run(async () =>
        {
            var session = worker % Sessions;
            var reference = new SessionRef($"s-{session}", $"agent-{session % 4}", "hash", $"user-{session % 16}", "refund");
            var limits = new SessionLimits { MaxCostMicros = 1L << 53 };
            var count = 0L;
            while (clock.Elapsed < duration)
            {
                var now = TimeProvider.System.GetUtcNow();
                var id = $"s-{session}/{name}/{worker}/{count}";
                await ledger.ReserveAsync(Entry(id, session), 1500, CostCaps.For(reference, limits, Wide, now), now, CancellationToken.None);
                var actual = new CostActual(400) { InputTokens = 600, OutputTokens = 100, PriceSheetVersion = "2026-11-01" };
                await ledger.SettleAsync(id, actual, TimeProvider.System.GetUtcNow(), CancellationToken.None);
                count++;
            }
            return count;
        })));
        return counts.Sum();
    }
}
