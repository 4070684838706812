using System.Collections.Concurrent;

namespace AgentWorkflows.Engine.Tests.Simulation;

/// <summary>Random orchestrations under random faults. A failing seed is named; <c>SIMULATION_SEED</c> runs it alone, and it fails at the same step.</summary>
public class SimulationTests
{
    private const int Seeds = 2000;

    [Fact(Timeout = 300_000)]
    public Task EverySeed_EndsAsItMust() => Task.Run(() =>
    {
        var only = Environment.GetEnvironmentVariable("SIMULATION_SEED");
        var (first, count) = only is null ? (1, Seeds) : (int.Parse(only, System.Globalization.CultureInfo.InvariantCulture), 1);
        var failures = new ConcurrentBag<string>();
        Parallel.For(first, first + count, seed =>
        {
            try
            {
                Simulation.Run(seed);
            }
            catch (SimulationFailedException e)
            {
                failures.Add(e.Message);
            }
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} of {count} seeds failed:\n{string.Join('\n', failures.Order().Take(5))}");
    });

    /// <summary>A clock set back between the look at a timer and its turn once lost the timer.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(7545)]
    [InlineData(8065)]
    [InlineData(8339)]
    [InlineData(18119)]
    [InlineData(21013)]
    [InlineData(23202)]
    [InlineData(23220)]
    public Task SeedThatOnceFailed_EndsAsItMust(int seed) => Task.Run(() => Simulation.Run(seed));

    [Fact(Timeout = 60_000)]
    public Task TheSameSeed_TakesTheSameSteps() => Task.Run(() =>
    {
        foreach (var seed in Enumerable.Range(1, 25))
        {
            Assert.Equal(Simulation.Run(seed), Simulation.Run(seed));
        }
    });
}
