using System.Diagnostics;
using System.Globalization;
using AgentWorkflows.Engine.Tests.Simulation;

namespace AgentWorkflows.Benchmarks;

/// <summary>Runs the simulation over a range of seeds, for as long as that takes. A failing seed is printed at once; running it alone fails at the same step.</summary>
internal static class SeedsCommand
{
    public static int Run(int seeds, int first)
    {
        var watch = Stopwatch.StartNew();
        var (done, failed) = (0, 0);
        Parallel.For((long)first, (long)first + seeds, seed =>
        {
            try
            {
                Simulation.Run((int)seed);
            }
            catch (SimulationFailedException e)
            {
                Interlocked.Increment(ref failed);
                Console.WriteLine(e.Message);
            }
            if (Interlocked.Increment(ref done) % 10_000 == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} seeds, {failed} failed, {watch.Elapsed.TotalSeconds:0} s"));
            }
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{done} seeds from {first}, {failed} failed, {done / watch.Elapsed.TotalSeconds:0} seeds/s. One alone: engine --seeds 1 --from SEED"));
        return failed == 0 ? 0 : 1;
    }
}
