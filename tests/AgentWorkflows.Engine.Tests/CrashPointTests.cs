using System.Collections.Concurrent;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests;

/// <summary>One scenario with everything in it, disturbed at every store call in every way: it always ends as if nothing had happened.</summary>
public class CrashPointTests
{
    private const int Limit = 240_000;
    private const string Expected = "a b+c child:d timed go retried|z";
    private static readonly string[] Effects = ["a", "b", "c", "d", "r", "z"];

    [Theory(Timeout = Limit)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task AnyStoreCallThatFails_ChangesNothingInTheEnd(bool after, bool dies)
    {
        var undisturbed = await RunAsync(null);
        Assert.InRange(undisturbed.Calls, 10, 1000);
        for (var call = 1; call <= undisturbed.Calls; call++)
        {
            var fault = new Fault(call, after, dies);
            var run = await RunAsync(fault);
            Assert.True(Expected == run.Output, $"{fault}: {run.Output}");
            Assert.True(run.Effects.Keys.Order().SequenceEqual(Effects), $"{fault}: {string.Join(',', run.Effects.Keys)}");
            // Every effect once, and once more if it was in flight; the deliberate failure adds one attempt.
            Assert.All(run.Effects, effect => Assert.InRange(effect.Value, 1, effect.Key == "r" ? 3 : 2));
            Assert.Equal(undisturbed.History, run.History);
        }
    }

    private sealed record Run(string? Output, IReadOnlyDictionary<string, int> Effects, int Calls, IReadOnlyList<string> History);

    private static async Task<Run> RunAsync(Fault? fault)
    {
        var effects = new ConcurrentDictionary<string, int>();
        FaultyStore? store = null;
        await using var host = Scenario(effects);
        host.Configure = options => options with { IdleEviction = TimeSpan.FromSeconds(5) };
        // The database itself is fine: only the first store goes wrong, the one after the restart does not.
        host.Decorate = inner => store = new FaultyStore(inner, store is null ? fault : null);
        await host.OpenAsync();
        var first = store!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var (started, raised) = (false, false);
        while (true)
        {
            if (deadline.IsCancellationRequested)
            {
                Assert.Fail($"{fault} hangs: {string.Join(", ", await KindsAsync(host))}");
            }
            if (store!.IsDead)
            {
                await host.RestartAsync();
            }
            try
            {
                started = started || await host.Engine.ScheduleNewOrchestrationInstanceAsync(
                    "main", "", new StartOrchestrationOptions { InstanceId = "m" }) is not null;
                raised = raised || await RaiseAsync(host, store);
            }
            catch (InjectedFaultException)
            {
                // The client does not know whether it was recorded, and asks again.
                host.Clock.Advance(TimeSpan.FromSeconds(1));
                continue;
            }
            if ((await host.Engine.GetInstanceAsync("m"))?.Status.IsTerminal() == true)
            {
                break;
            }
            await QuietAsync(host);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        await host.RestartAsync();
        var done = await host.FinishedAsync("m");
        Assert.Null(done.Failure);
        return new Run(done.ReadOutputAs<string>(), effects, first.Calls, await KindsAsync(host));
    }

    /// <summary>Lets the engine work until it has not committed for a while: time passes only when it has nothing else to do.</summary>
    private static async Task QuietAsync(EngineHost host)
    {
        var commits = -1L;
        while (commits != host.Engine.Statistics.Commits)
        {
            commits = host.Engine.Statistics.Commits;
            for (var i = 0; i < 500; i++)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Raises, unless the store dies meanwhile and with it the answer.</summary>
    private static async Task<bool> RaiseAsync(EngineHost host, FaultyStore store)
    {
        var raise = host.Engine.RaiseEventAsync("m", "go", "go");
        while (!raise.IsCompleted && !store.IsDead)
        {
            await QuietAsync(host);
            host.Clock.Advance(TimeSpan.FromMilliseconds(200));
        }
        return raise.IsCompleted && await raise is CommandOutcome.Accepted or CommandOutcome.AlreadyFinished;
    }

    /// <summary>What the second execution recorded, without how it was cut into turns and without the event that was perhaps raised twice.</summary>
    private static async Task<IReadOnlyList<string>> KindsAsync(EngineHost host) =>
        [.. (await host.Engine.GetHistoryAsync("m") ?? []).Select(entry => entry.Kind).Where(kind => kind is not ("TurnStarted" or "EventRaised"))];

    private static EngineHost Scenario(ConcurrentDictionary<string, int> effects) => new EngineHost()
        .Orchestrator<string, string>("main", async (context, carried) =>
        {
            if (carried.Length > 0)
            {
                return $"{carried}|{await context.CallActivityAsync<string>("step", "z")}";
            }
            var a = await context.CallActivityAsync<string>("step", "a");
            var both = await Task.WhenAll(context.CallActivityAsync<string>("step", "b"), context.CallActivityAsync<string>("step", "c"));
            var child = await context.CallSubOrchestratorAsync<string>("child", "d");
            var timed = await context.WaitForExternalEventUntil<string>("never", context.CurrentUtcDateTime + TimeSpan.FromSeconds(20));
            var go = await context.WaitForExternalEvent<string>("go");
            var retry = new RetryPolicy { MaxNumberOfAttempts = 5, FirstRetryInterval = TimeSpan.FromSeconds(3) };
            var retried = await context.CallActivityAsync<string>("flaky", "r", retry);
            context.ContinueAsNew($"{a} {string.Join('+', both)} {child} {(timed.TimedOut ? "timed" : "?")} {go} {retried}");
            return "";
        })
        .Orchestrator<string, string>("child", async (context, input) => $"child:{await context.CallActivityAsync<string>("step", input)}")
        .Activity<string, string>("step", key =>
        {
            effects.AddOrUpdate(key, 1, (_, count) => count + 1);
            return key;
        })
        .Activity<string, string>("flaky", key => effects.AddOrUpdate(key, 1, (_, count) => count + 1) == 1
            ? throw new DurableException("Flaky", "first time", false)
            : "retried");
}
