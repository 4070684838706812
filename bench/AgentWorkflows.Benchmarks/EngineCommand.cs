using System.Globalization;
using System.Text.Json;

namespace AgentWorkflows.Benchmarks;

/// <summary>Measures the embedded engine and prints a table, or with <c>--json</c> one JSON object. <c>--quick</c> ends within 40 s.</summary>
internal static class EngineCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static async Task<int> RunAsync(string[] options)
    {
        var (quick, json) = (options.Contains("--quick"), options.Contains("--json"));
        var only = Array.IndexOf(options, "--only") is var at and >= 0 && at + 1 < options.Length ? options[at + 1] : null;
        var folder = Directory.CreateTempSubdirectory("engine-bench-").FullName;
        var results = new SortedDictionary<string, object>(StringComparer.Ordinal);
        void Line(string text)
        {
            if (!json)
            {
                Console.WriteLine(text);
            }
        }
        try
        {
            Line($"{Environment.ProcessorCount} cores, payload {Workload.PayloadBytes} bytes, synchronous=FULL, database in {Path.GetTempPath()}");
            var wanted = (string part) => only is null || only == part;
            // First: memory that a part before it had taken and given back would hide what parking takes.
            if (wanted("parked"))
            {
                await ParkedAsync(folder, quick, results, Line);
            }
            if (wanted("throughput"))
            {
                await ThroughputAsync(folder, quick, results, Line);
            }
            if (wanted("length"))
            {
                await LengthAsync(folder, quick, results, Line);
            }
            if (wanted("recovery"))
            {
                await RecoveryAsync(folder, quick, results, Line);
            }
            if (json)
            {
                Console.WriteLine(JsonSerializer.Serialize(results, Json));
            }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ThroughputAsync(string folder, bool quick, SortedDictionary<string, object> results, Action<string> line)
    {
        var duration = TimeSpan.FromSeconds(quick ? 1 : 5);
        var raw = RawFloor.Measure(folder, duration);
        line(Format($"raw: one 1 KiB row per commit {raw.CommitMicros:0} µs; 64 rows per commit {raw.RowsPerSecond64:0} rows/s"));
        (results["rawCommitMicros"], results["rawRowsPerSecond64"]) = (raw.CommitMicros, raw.RowsPerSecond64);
        var (p50, p99) = await ThroughputBenchmark.StepLatencyAsync(folder, quick ? 500 : 2000);
        line(Format($"step alone: p50 {p50:0} µs ({p50 / raw.CommitMicros:0.0} raw commits), p99 {p99:0} µs"));
        (results["stepP50Micros"], results["stepP99Micros"]) = (p50, p99);
        line("in flight   steps/s  sessions/s  ops/commit  allocated/step  disk/step  of raw 64");
        var steps = new Dictionary<string, double>();
        foreach (var inFlight in new[] { 1, 16, 128, 256 })
        {
            var result = await ThroughputBenchmark.MeasureAsync(folder, inFlight, 10, inFlight == 1 ? duration : 2 * duration);
            line(Format($"{inFlight,9} {result.StepsPerSecond,9:0} {result.SessionsPerSecond,11:0} {result.GroupSize,11:0.0} {result.AllocatedBytesPerStep,15:0} {result.BytesPerStep,10:0} {result.StepsPerSecond / raw.RowsPerSecond64,10:P0}"));
            steps[inFlight.ToString(CultureInfo.InvariantCulture)] = result.StepsPerSecond;
            (results["bytesPerStep"], results["allocatedBytesPerStep"], results["sessionsPerSecond"]) =
                (result.BytesPerStep, result.AllocatedBytesPerStep, result.SessionsPerSecond);
        }
        results["stepsPerSecond"] = steps;
    }

    private static async Task LengthAsync(string folder, bool quick, SortedDictionary<string, object> results, Action<string> line)
    {
        var measured = await ThroughputBenchmark.MillisPerStepAsync(folder, [10, 100, 1000], quick ? 5 : 15, TimeSpan.FromSeconds(quick ? 8 : 60));
        foreach (var (length, millis) in measured)
        {
            line(Format($"one session of {length,4} iterations: {millis:0.000} ms a step"));
        }
        results["millisPerStepByTurns"] = measured.ToDictionary(entry => entry.Key.ToString(CultureInfo.InvariantCulture), entry => entry.Value);
    }

    private static async Task ParkedAsync(string folder, bool quick, SortedDictionary<string, object> results, Action<string> line)
    {
        foreach (var sessions in quick ? [100_000] : new[] { 1_000, 10_000, 100_000 })
        {
            var result = await ParkedBenchmark.MeasureAsync(folder, sessions);
            line(Format($"parked {sessions,6}: {result.BytesEach:0} bytes each, start {result.StartSeconds:0.000} s, raise p50 {result.RaiseMillisMedian:0.00} ms, worst {result.RaiseMillisWorst:0.00} ms"));
            (results["parkedSessions"], results["parkedBytesEach"], results["parkedStartSeconds"], results["parkedRaiseMillisWorst"]) =
                (sessions, result.BytesEach, result.StartSeconds, result.RaiseMillisWorst);
        }
    }

    private static async Task RecoveryAsync(string folder, bool quick, SortedDictionary<string, object> results, Action<string> line)
    {
        foreach (var sessions in quick ? [200] : new[] { 2000, 200 })
        {
            var result = await RecoveryBenchmark.MeasureAsync(folder, sessions);
            line(Format($"killed with {sessions,4} in flight: process up {result.Opened:0.000} s, first progress {result.FirstProgress:0.000} s, first end {result.First:0.000} s, last end {result.Last:0.000} s, {result.Executed} steps run, {result.RunTwice} run twice (most: {result.MostForOneStep} times)"));
            results["recoverySeconds"] = new { progress = result.FirstProgress, first = result.First, last = result.Last };
            results["stepsRunTwice"] = result.RunTwice;
        }
    }

    private static string Format(FormattableString text) => FormattableString.Invariant(text);
}
