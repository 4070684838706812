using System.Diagnostics;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine;

namespace AgentWorkflows.Benchmarks;

/// <summary>What sessions cost that wait for a person: process memory, start-up, and the time until one of them takes an event.</summary>
internal static class ParkedBenchmark
{
    public sealed record Result(int Sessions, double BytesEach, double StartSeconds, double RaiseMillisMedian, double RaiseMillisWorst);

    public static async Task<Result> MeasureAsync(string folder, int sessions)
    {
        var database = Path.Combine(folder, $"parked-{sessions}.db");
        var engine = await OpenAsync(database);
        try
        {
            // The fixed base: code compiled, pools, the heap and the database's page caches filled.
            const int warm = 20_000;
            await ParkAsync(engine, 0, warm);
            var before = ProcessBytes();
            await ParkAsync(engine, warm, warm + sessions);
            var each = (ProcessBytes() - before) / (double)sessions;
            await engine.DisposeAsync();
            var watch = Stopwatch.StartNew();
            engine = await OpenAsync(database);
            await engine.GetInstanceAsync("parked-0");
            var start = watch.Elapsed.TotalSeconds;
            var raises = new List<double>();
            for (var i = 0; i < 200; i++)
            {
                watch.Restart();
                await engine.RaiseEventAsync($"parked-{(long)i * (sessions - 1) / 199}", "answer", "yes");
                raises.Add(watch.Elapsed.TotalMilliseconds);
            }
            raises.Sort();
            return new Result(sessions, each, start, raises[raises.Count / 2], raises[^1]);
        }
        finally
        {
            await engine.DisposeAsync();
        }
    }

    private static Task<EmbeddedEngine> OpenAsync(string database) => Workload.OpenAsync(database, options => options with { IdleEviction = TimeSpan.Zero });

    private static async Task ParkAsync(EmbeddedEngine engine, int from, int to)
    {
        var input = new Workload.Parked("approve?", new string('x', 900));
        await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, cancellation) =>
            await engine.StartAsync(Workload.Waiting, input, new StartOrchestrationOptions { InstanceId = $"parked-{i}" }, cancellation));
        while (engine.Statistics.LiveInstances > 0)
        {
            await Task.Yield();
        }
    }

    private static long ProcessBytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
