using System.Diagnostics;
using System.Globalization;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Benchmarks;

/// <summary>
/// A process that keeps 200 sessions in flight is killed with SIGKILL at random times, again and again on one database; the next one goes on. At the end every
/// session must have finished, every step must have been run, and none more often than once for each time it was in flight at a kill.
/// </summary>
internal static class KillsCommand
{
    private const int InFlight = 200;
    private const int Iterations = 10;

    public static async Task<int> RunAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("engine-kills-").FullName;
        try
        {
            var database = Path.Combine(folder, "engine.db");
            var random = new Random(rounds);
            for (var round = 1; round <= rounds; round++)
            {
                await KillAsync(database, round, random);
            }
            var watch = Stopwatch.StartNew();
            var sessions = await FinishAsync(database, rounds + 1);
            var seconds = watch.Elapsed.TotalSeconds;
            return Report(database, rounds, sessions, seconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The process that is killed. A session that an earlier one began goes on by itself; where one has ended, the next begins.</summary>
    public static async Task<int> RunChildAsync(string database, string round)
    {
        using var effects = new Effects(database, round);
        await using var engine = await Workload.OpenAsync(database, effect: effects.Write);
        Console.WriteLine("open");
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async slot =>
        {
            for (var number = 0; ; number++)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"s-{slot}-{number}");
                await engine.StartAsync(Workload.Session, Iterations, new StartOrchestrationOptions { InstanceId = id });
                await engine.WaitForInstanceCompletionAsync(id);
            }
        }));
        return 0;
    }

    private static async Task KillAsync(string database, int round, Random random)
    {
        using var child = ChildProcess.Start("engine-kill-child", database, round.ToString(CultureInfo.InvariantCulture));
        if (random.Next(3) > 0)
        {
            await child.StandardOutput.ReadLineAsync();
        }
        // One in three is killed while it starts.
        await Task.Delay(random.Next(5, 400));
        child.Kill();
        await child.WaitForExitAsync();
    }

    private static async Task<int> FinishAsync(string database, int round)
    {
        using var effects = new Effects(database, round.ToString(CultureInfo.InvariantCulture));
        await using var engine = await Workload.OpenAsync(database, effect: effects.Write);
        var query = new OrchestrationQuery { PageSize = OrchestrationQuery.MaxPageSize };
        var sessions = 0;
        do
        {
            var page = await engine.QueryInstancesAsync(query);
            foreach (var session in page.Instances)
            {
                var done = await engine.WaitForInstanceCompletionAsync(session.InstanceId, getInputsAndOutputs: true);
                if (done?.ReadOutputAs<int>() != Iterations * Workload.StepsPerIteration)
                {
                    throw new InvalidOperationException($"Session {session.InstanceId} ended as {done?.Status} with {done?.SerializedOutput}.");
                }
                sessions++;
            }
            query = query with { ContinuationToken = page.ContinuationToken };
        }
        while (query.ContinuationToken is not null);
        return sessions;
    }

    private static int Report(string database, int rounds, int sessions, double seconds)
    {
        var runs = Effects.Read(database);
        var byStep = runs.GroupBy(run => run.Step).ToDictionary(group => group.Key, group => group.Count());
        var steps = sessions * Iterations * Workload.StepsPerIteration;
        var twiceInOneProcess = runs.GroupBy(run => run).Count(group => group.Count() > 1);
        var seen = new HashSet<string>();
        var mostAgain = runs.GroupBy(run => run.Round).OrderBy(group => group.Key).Max(group => group.Count(run => !seen.Add(run.Step)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} kills with {InFlight} sessions in flight: {sessions} sessions, all finished, the last {seconds:0.000} s after the last start; {steps} steps, "
            + $"{runs.Count} runs, {byStep.Values.Count(count => count > 1)} steps run again (most after one kill: {mostAgain}; most for one step: {byStep.Values.Max()} runs)"));
        if (byStep.Count == steps && twiceInOneProcess == 0 && mostAgain <= InFlight)
        {
            return 0;
        }
        Console.WriteLine($"BROKEN: {byStep.Count} of {steps} steps ran; {twiceInOneProcess} steps ran twice in one process; {mostAgain} steps again after one kill.");
        return 1;
    }

    /// <summary>What the steps did to the world: one line each, written before the result is recorded.</summary>
    private sealed class Effects(string database, string round) : IDisposable
    {
        private readonly FileStream _file = new(database + ".effects", FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        private readonly Lock _gate = new();

        public static List<(string Step, int Round)> Read(string database) =>
            [.. File.ReadLines(database + ".effects").Select(line => line.Split(' ')).Select(parts => (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)))];

        public void Write(string step)
        {
            lock (_gate)
            {
                _file.Write(System.Text.Encoding.UTF8.GetBytes($"{step} {round}\n"));
            }
        }

        public void Dispose() => _file.Dispose();
    }
}
