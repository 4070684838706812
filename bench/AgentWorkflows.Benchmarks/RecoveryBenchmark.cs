using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Benchmarks;

/// <summary>Kills a process with sessions in flight and lets another one, started anew, open its database. Times count from that process's start.</summary>
internal static class RecoveryBenchmark
{
    private const int Iterations = 10;

    /// <param name="Opened">When the engine was called, in seconds since the process began: what .NET itself takes to start.</param>
    public sealed record Result(double Opened, double FirstProgress, double First, double Last, int Executed, int RunTwice, int MostForOneStep);

    public static async Task<Result> MeasureAsync(string folder, int sessions)
    {
        var database = Path.Combine(folder, $"recovery-{sessions}.db");
        await KillAtHalfAsync(database, sessions);
        using var child = ChildProcess.Start("engine-recover", database, sessions.ToString(CultureInfo.InvariantCulture));
        var answer = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        return child.ExitCode == 0 ? JsonSerializer.Deserialize<Result>(answer)! : throw new InvalidOperationException($"The recovery failed: {answer}");
    }

    /// <summary>The process that recovers: waits for every session, and compares what both processes did with what had to be done.</summary>
    public static async Task<int> RecoverAsync(string database, int sessions)
    {
        using var self = Process.GetCurrentProcess();
        var opened = (DateTime.Now - self.StartTime).TotalSeconds;
        var watch = Stopwatch.StartNew();
        var progress = 0L;
        var runs = new ConcurrentQueue<string>();
        await using var engine = await Workload.OpenAsync(database, effect: key =>
        {
            Interlocked.CompareExchange(ref progress, watch.ElapsedTicks, 0);
            runs.Enqueue(key);
        });
        var ends = await Task.WhenAll(Enumerable.Range(0, sessions).Select(async i =>
        {
            var done = await engine.WaitForInstanceCompletionAsync($"s-{i}");
            return done?.Status == OrchestrationStatus.Completed ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"Session s-{i} was lost.");
        }));
        var steps = sessions * Iterations * Workload.StepsPerIteration;
        var seen = ReadEffects(database).Concat(runs).GroupBy(key => key).ToDictionary(group => group.Key, group => group.Count());
        if (seen.Count != steps)
        {
            throw new InvalidOperationException($"{seen.Count} of {steps} steps ran.");
        }
        var first = progress / (double)Stopwatch.Frequency;
        // Sessions that had ended before the kill are answered before anything has run.
        var firstEnd = ends.Where(end => end > first).DefaultIfEmpty(0).Min();
        Console.WriteLine(JsonSerializer.Serialize(new Result(
            opened, opened + first, opened + firstEnd, opened + ends.Max(), seen.Values.Sum(), seen.Values.Count(count => count > 1), seen.Values.Max())));
        return 0;
    }

    /// <summary>The process that is killed: writes the key of every effect to a file before the step's result is recorded.</summary>
    public static async Task<int> RunChildAsync(string database, int sessions)
    {
        var half = sessions * Iterations * Workload.StepsPerIteration / 2;
        using var effects = new FileStream(database + ".effects", FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var gate = new Lock();
        var (count, said, allStarted) = (0, false, false);
        await using var engine = await Workload.OpenAsync(database, effect: key =>
        {
            lock (gate)
            {
                effects.Write(System.Text.Encoding.UTF8.GetBytes(key + "\n"));
                count++;
                if (allStarted && !said && count >= half)
                {
                    said = true;
                    Console.WriteLine("half");
                }
            }
        });
        await Parallel.ForAsync(0, sessions, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, cancellation) =>
            await engine.StartAsync(Workload.Session, Iterations, new StartOrchestrationOptions { InstanceId = $"s-{i}" }, cancellation));
        lock (gate)
        {
            allStarted = true;
        }
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    private static async Task KillAtHalfAsync(string database, int sessions)
    {
        using var child = ChildProcess.Start("engine-child", database, sessions.ToString(CultureInfo.InvariantCulture));
        await child.StandardOutput.ReadLineAsync();
        child.Kill();
        await child.WaitForExitAsync();
    }

    /// <summary>A last line without its end was cut by the kill: its step ran or not, and counts when it runs again.</summary>
    private static string[] ReadEffects(string database) =>
        [.. File.ReadAllText(database + ".effects").Split('\n').SkipLast(1)];
}
