using System.Diagnostics;
using AgentWorkflows.Costs;
using AgentWorkflows.Words;

namespace AgentWorkflows.Benchmarks;

internal sealed record HammerResult(long MaxSeenMicros, long TotalMicros, long BilledMicros, long EntriesMicros, long Samples, long Calls, long Refused);

/// <summary>
/// 64 sessions reserve, call a provider that bills at random up to the reservation, and settle, all under one user-day cap; one watcher reads the total all the time.
/// Every refusal and every probe tells the total as it is between two changes.
/// </summary>
internal static class LedgerHammer
{
    private const int Sessions = 64;
    private const string Scope = "user-day:u-1:2026-11-20";

    /// <param name="maxCall">The largest call; together they should be able to fill the cap in the time.</param>
    public static async Task<HammerResult> RunAsync(ICostLedger ledger, long capMicros, TimeSpan duration, double maxCall = 20_000)
    {
        var (maxSeen, billed, samples, calls, refused) = (0L, 0L, 0L, 0L, 0L);
        var sync = new Lock();
        void See(long used)
        {
            lock (sync)
            {
                (maxSeen, samples) = (Math.Max(maxSeen, used), samples + 1);
            }
        }
        var clock = Stopwatch.StartNew();
        async Task HammerAsync(int session)
        {
            var random = new Random(session);
            for (var call = 0; clock.Elapsed < duration; call++)
            {
                // Small and large ones, evenly in their logarithm.
                var worst = (long)Math.Pow(maxCall, random.NextDouble());
                var id = $"s-{session}/{call}";
                var now = TimeProvider.System.GetUtcNow();
                if (await ledger.ReserveAsync(LedgerPairs.Entry(id, session), worst, [new CostCap(Scope, capMicros)], now, CancellationToken.None)
                    is ReserveOutcome.Refused full)
                {
                    See(full.UsedMicros.Value);
                    Interlocked.Increment(ref refused);
                    continue;
                }
                await ledger.BeginAsync(id, now, CancellationToken.None);
                var bill = random.NextInt64(0, worst + 1);
                Interlocked.Add(ref billed, bill);
                Interlocked.Increment(ref calls);
                await ledger.SettleAsync(id, new CostActual(bill), TimeProvider.System.GetUtcNow(), CancellationToken.None);
            }
        }
        async Task WatchAsync()
        {
            while (clock.Elapsed < duration)
            {
                See(await TotalAsync(ledger));
            }
        }
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => Task.Run(() => HammerAsync(session))).Append(Task.Run(WatchAsync)));
        var entries = 0L;
        for (var session = 0; session < Sessions; session++)
        {
            entries += (await ledger.ListAsync($"s-{session}", CancellationToken.None)).Sum(EntryRules.CountsFor).Value;
        }
        return new HammerResult(maxSeen, await TotalAsync(ledger), billed, entries, samples, calls, refused);
    }

    private static async Task<long> TotalAsync(ICostLedger ledger)
    {
        var outcome = await ledger.ReserveAsync(
            LedgerPairs.Entry("probe", Sessions), 1, [new CostCap(Scope, -1)], DateTimeOffset.UnixEpoch, CancellationToken.None);
        return ((ReserveOutcome.Refused)outcome).UsedMicros.Value;
    }
}
