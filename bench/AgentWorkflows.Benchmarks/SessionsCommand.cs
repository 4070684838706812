using System.Globalization;
using System.Text.Json;

namespace AgentWorkflows.Benchmarks;

/// <summary>
/// Whole sessions against the bare engine, in one run and on one disk: what a governed session costs beside its recorded steps. Prints a table, or with <c>--json</c> one
/// JSON object whose figures are those at 256 in flight, but for <c>syncsPerSession</c> and the times, which are those of one session alone.
/// </summary>
internal static class SessionsCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static int[] Loads(string[] options) =>
        Array.IndexOf(options, "--in-flight") is var at and >= 0 && at + 1 < options.Length && int.TryParse(options[at + 1], CultureInfo.InvariantCulture, out var count) && count > 0
            ? [count] : [1, 16, 256];

    public static async Task<int> RunAsync(string[] options)
    {
        var (quick, json) = (options.Contains("--quick"), options.Contains("--json"));
        var folder = Directory.CreateTempSubdirectory("sessions-bench-").FullName;
        var duration = TimeSpan.FromSeconds(quick ? 3 : 10);
        void Line(FormattableString text)
        {
            if (!json)
            {
                Console.WriteLine(FormattableString.Invariant(text));
            }
        }
        try
        {
            var raw = RawFloor.Measure(folder, TimeSpan.FromSeconds(quick ? 1 : 3));
            var engine = await ThroughputBenchmark.MeasureAsync(folder, 256, 10, duration);
            Line($"{Environment.ProcessorCount} cores, synchronous=FULL, data in {Path.GetTempPath()}; bare engine, 256 in flight: {engine.StepsPerSecond:0} steps/s; raw commit {raw.CommitMicros:0} µs");
            Line($"in flight  sessions/s   steps/s  of engine  session p50 ms     p99  CPU ms/session  allocated/step  syncs/session (engine + stores)  disk/session");
            var results = new Dictionary<int, SessionsBenchmark.Result>();
            await using (var sessions = await SessionsBenchmark.StartAsync(Path.Combine(folder, "data")))
            {
                foreach (var inFlight in Loads(options))
                {
                    var at = results[inFlight] = await sessions.MeasureAsync(inFlight, duration);
                    Line($"{inFlight,9} {at.SessionsPerSecond,11:0.0} {at.StepsPerSecond,9:0} {at.StepsPerSecond / engine.StepsPerSecond,10:P1} {at.SessionP50Millis,15:0.0} {at.SessionP99Millis,7:0} {at.CpuMillisPerSession,15:0.00} {at.AllocatedBytesPerStep,15:0} {at.SyncsPerSession,14:0.0} ({at.EngineCommitsPerSession:0.0} + {at.ProductCommitsPerSession:0.0}) {at.BytesPerSession,18:0}");
                }
            }
            if (json)
            {
                var (one, most) = (results[results.Keys.Min()], results[results.Keys.Max()]);
                Console.WriteLine(JsonSerializer.Serialize(
                    new
                    {
                        most.SessionsPerSecond,
                        most.StepsPerSecond,
                        EngineStepsPerSecond = engine.StepsPerSecond,
                        ShareOfEngine = most.StepsPerSecond / engine.StepsPerSecond,
                        most.CpuMillisPerSession,
                        one.SyncsPerSession,
                        RawCommitMicros = raw.CommitMicros,
                        SessionRawCommits = one.SessionP50Millis * 1000 / raw.CommitMicros,
                        InFlight = results.Values,
                    },
                    Json));
            }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
