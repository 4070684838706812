using System.Diagnostics;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Benchmarks;

/// <summary>Steps per second with a number of sessions in flight; what a step costs in time, disk and allocations.</summary>
internal static class ThroughputBenchmark
{
    public sealed record Result(int InFlight, double StepsPerSecond, double SessionsPerSecond, double GroupSize, double AllocatedBytesPerStep, double BytesPerStep);

    public static async Task<Result> MeasureAsync(string folder, int inFlight, int iterations, TimeSpan duration)
    {
        var database = Path.Combine(folder, $"throughput-{inFlight}.db");
        await using var engine = await Workload.OpenAsync(database);
        await RunSessionsAsync(engine, "warm", inFlight, iterations, TimeSpan.FromSeconds(Math.Min(1, duration.TotalSeconds / 2)));
        var before = engine.Statistics;
        var bytesBefore = DatabaseBytes(database);
        var allocated = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        var sessions = await RunSessionsAsync(engine, "run", inFlight, iterations, duration);
        var seconds = watch.Elapsed.TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        var after = engine.Statistics;
        var steps = after.Activities - before.Activities;
        return new Result(
            inFlight, steps / seconds, sessions / seconds, (after.Operations - before.Operations) / (double)(after.Commits - before.Commits),
            allocated / (double)steps, (DatabaseBytes(database) - bytesBefore) / (double)steps);
    }

    /// <summary>Micros of each step of one session that runs alone: the median and the 99th percentile.</summary>
    public static async Task<(double P50, double P99)> StepLatencyAsync(string folder, int iterations)
    {
        var stamps = new List<long>(iterations * Workload.StepsPerIteration);
        await using var engine = await Workload.OpenAsync(Path.Combine(folder, "latency.db"), effect: _ => stamps.Add(Stopwatch.GetTimestamp()));
        await RunOneAsync(engine, "warm", iterations / 4);
        stamps.Clear();
        await RunOneAsync(engine, "run", iterations);
        var micros = stamps.Zip(stamps.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b).TotalMicroseconds).Order().ToArray();
        return (micros[micros.Length / 2], micros[micros.Length * 99 / 100]);
    }

    /// <summary>
    /// Milliseconds per step of sessions of that many iterations: the median of rounds. Every round runs as many steps of each length, one after the
    /// other on one database, so that whatever else the machine does meets all lengths alike.
    /// </summary>
    /// <param name="enough">After this time there is no further round, once there were two.</param>
    public static async Task<IReadOnlyDictionary<int, double>> MillisPerStepAsync(string folder, int[] lengths, int rounds, TimeSpan enough)
    {
        await using var engine = await Workload.OpenAsync(Path.Combine(folder, "length.db"));
        await RunOneAsync(engine, "warm", 300);
        var longest = lengths.Max();
        var samples = lengths.ToDictionary(length => length, _ => new List<double>());
        var all = Stopwatch.StartNew();
        for (var round = 0; round < rounds && (round < 2 || all.Elapsed < enough); round++)
        {
            foreach (var length in lengths)
            {
                var watch = Stopwatch.StartNew();
                for (var i = 0; i < longest / length; i++)
                {
                    await RunOneAsync(engine, $"run-{round}-{length}-{i}", length);
                }
                samples[length].Add(watch.Elapsed.TotalMilliseconds / (longest * Workload.StepsPerIteration));
            }
        }
        return samples.ToDictionary(sample => sample.Key, sample => sample.Value.Order().ElementAt(sample.Value.Count / 2));
    }

    private static async Task<int> RunSessionsAsync(IOrchestrationClient engine, string prefix, int inFlight, int iterations, TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (watch.Elapsed < duration)
            {
                await RunOneAsync(engine, $"{prefix}-{Interlocked.Increment(ref next)}", iterations);
            }
        }));
        return next;
    }

    private static async Task RunOneAsync(IOrchestrationClient engine, string id, int iterations)
    {
        await engine.StartAsync(Workload.Session, iterations, new StartOrchestrationOptions { InstanceId = id });
        var done = await engine.WaitForInstanceCompletionAsync(id);
        if (done?.Status != OrchestrationStatus.Completed)
        {
            throw new InvalidOperationException($"Session {id} ended as {done?.Status}: {done?.Failure?.Message}");
        }
    }

    private static long DatabaseBytes(string database) => new FileInfo(database).Length + new FileInfo(database + "-wal").Length;
}
