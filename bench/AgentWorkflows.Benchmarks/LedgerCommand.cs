using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Sqlite;

namespace AgentWorkflows.Benchmarks;

/// <summary>Measures the SQLite cost ledger, then hammers one cap; prints a table, or with <c>--json</c> one JSON object. Fails when a promise is broken.</summary>
internal static class LedgerCommand
{
    private const long CapMicros = 1_000_000;

    public static async Task<int> RunAsync(string[] options)
    {
        var (quick, json) = (options.Contains("--quick"), options.Contains("--json"));
        var duration = TimeSpan.FromSeconds(quick ? 2 : 10);
        var folder = Directory.CreateTempSubdirectory("ledger-bench-");
        try
        {
            double pairs;
            await using (var database = ProductDatabase.Open(Path.Combine(folder.FullName, "pairs.db")))
            {
                pairs = await LedgerPairs.MeasureAsync(new SqliteCostLedger(database), duration);
            }
            await using var hammered = ProductDatabase.Open(Path.Combine(folder.FullName, "cap.db"));
            var result = await LedgerHammer.RunAsync(new SqliteCostLedger(hammered), CapMicros, duration);
            Print(json, pairs, result);
            var kept = result.MaxSeenMicros <= CapMicros && result.TotalMicros == result.EntriesMicros && result.EntriesMicros == result.BilledMicros;
            return kept ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(bool json, double pairs, HammerResult result)
    {
        var share = (double)result.TotalMicros / CapMicros;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                pairsPerSecond = Math.Round(pairs),
                capMicros = CapMicros,
                maxSeenMicros = result.MaxSeenMicros,
                usedShare = Math.Round(share, 6),
                billedMicros = result.BilledMicros,
                entriesMicros = result.EntriesMicros,
            }));
            return;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, SQLite, synchronous=FULL, 64 sessions, five caps a call"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"reserve + settle: {pairs:0} pairs/s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"one cap of {CapMicros} micro-USD: most seen {result.MaxSeenMicros} in {result.Samples} samples, used {share:P2}, {result.Calls} calls made, {result.Refused} refused"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"billed {result.BilledMicros} = entries {result.EntriesMicros} = total {result.TotalMicros} micro-USD"));
    }
}
