using System.Collections.Concurrent;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests;

public class RecoveryTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task ActivityCancelledByTheStop_RunsAgainAfterTheRestart()
    {
        var attempts = 0;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new EngineHost()
            .Orchestrator<int, int>("o", (context, _) => context.CallActivityAsync<int>("a", 1))
            .Activity<int, int>("a", async (n, cancellation) =>
            {
                if (Interlocked.Increment(ref attempts) == 1)
                {
                    started.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellation);
                }
                return n;
            });
        host.Configure = options => options with { StopTimeout = TimeSpan.FromSeconds(5) };
        await host.OpenAsync();
        var id = await host.StartAsync("o", 0);
        await started.Task;
        await host.RestartAsync();
        Assert.Equal(1, (await host.FinishedAsync(id)).ReadOutputAs<int>());
        Assert.Equal(2, attempts);
    }

    [Fact(Timeout = Limit)]
    public async Task ActivitiesOfATerminatedInstance_ThatHaveNotBegun_DoNotRun()
    {
        var ran = 0;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new EngineHost()
            .Orchestrator<int, int>("o", async (context, _) =>
                (await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallActivityAsync<int>("a", i)))).Length)
            .Activity<int, int>("a", async (n, cancellation) =>
            {
                Interlocked.Increment(ref ran);
                await gate.Task.WaitAsync(cancellation);
                return n;
            });
        host.Configure = options => options with { MaxConcurrentActivities = 1 };
        await host.OpenAsync();
        var id = await host.StartAsync("o", 0);
        await EngineHost.UntilAsync(() => ran == 1);
        await host.Engine.TerminateInstanceAsync(id);
        gate.SetResult();
        await EngineHost.UntilAsync(() => host.Engine.Statistics is { RunningActivities: 0, LiveInstances: 0 });
        Assert.Equal(1, ran);
        Assert.Equal(OrchestrationStatus.Terminated, (await host.FinishedAsync(id)).Status);
    }

    [Fact(Timeout = Limit)]
    public async Task AnIdUsedAgain_GetsNoResultsOfTheOldInstance()
    {
        var gates = new ConcurrentQueue<TaskCompletionSource<string>>();
        await using var host = new EngineHost()
            .Orchestrator<int, string>("o", (context, _) => context.CallActivityAsync<string>("a", 0))
            .Activity<int, string>("a", (_, cancellation) =>
            {
                var gate = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
                gates.Enqueue(gate);
                return gate.Task.WaitAsync(cancellation);
            });
        await host.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await host.StartAsync("o", 0, "again");
            await EngineHost.UntilAsync(() => gates.Count == i + 1);
            await host.Engine.TerminateInstanceAsync("again");
            Assert.Equal(CommandOutcome.Accepted, await host.Engine.PurgeInstanceAsync("again"));
        }
        await host.StartAsync("o", 0, "again");
        await EngineHost.UntilAsync(() => gates.Count == 21);
        foreach (var old in gates.Take(20))
        {
            old.SetResult("old");
        }
        await EngineHost.UntilAsync(() => host.Engine.Statistics.RunningActivities == 1);
        gates.Last().SetResult("new");
        Assert.Equal("new", (await host.FinishedAsync("again")).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task ChangedCode_FailsByDivergence_KeepsHistory_AndResumesWhenPutRight()
    {
        await using var host = new EngineHost();
        Use(host, "a", "b");
        await host.OpenAsync();
        var id = await host.StartAsync("o", 0);
        await host.RecordedAsync(id, "TaskCompleted", 2);
        var before = await host.Engine.GetHistoryAsync(id);

        host.Registry = new();
        Use(host, "a", "c");
        await host.RestartAsync();
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.RaiseEventAsync(id, "x", "kept"));
        var failed = await host.FinishedAsync(id);
        Assert.Equal(DurableErrorTypes.Divergence, failed.Failure!.ErrorType);
        Assert.Contains("step 5: history says TaskScheduled 'b' (#1); the code did TaskScheduled 'c' (#1)", failed.Failure.Message, StringComparison.Ordinal);
        var after = await host.Engine.GetHistoryAsync(id);
        Assert.Equal(before, after!.Take(before!.Count));

        host.Registry = new();
        Use(host, "a", "b");
        await host.RestartAsync();
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.ResumeInstanceAsync(id));
        Assert.Equal("kept", (await host.FinishedAsync(id)).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task CodeThatNoLongerAsksForARecordedStep_Diverges()
    {
        await using var host = new EngineHost();
        Use(host, "a", "b");
        await host.OpenAsync();
        var id = await host.StartAsync("o", 0);
        await host.RecordedAsync(id, "TaskCompleted", 2);
        host.Registry = new();
        Use(host, "a");
        await host.RestartAsync();
        await host.Engine.RaiseEventAsync(id, "x", "kept");
        var failed = await host.FinishedAsync(id);
        Assert.Contains("history says TaskScheduled 'b' (#1); the code did nothing more", failed.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task OrchestratorMissingAfterADeployment_LosesNothing()
    {
        await using var host = new EngineHost();
        Use(host, "a");
        await host.OpenAsync();
        var id = await host.StartAsync("o", 0);
        await host.RecordedAsync(id, "TaskCompleted");
        host.Registry = new();
        await host.RestartAsync();
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.RaiseEventAsync(id, "x", "kept"));
        Assert.Equal(OrchestrationStatus.Running, (await host.Engine.GetInstanceAsync(id))!.Status);
        host.Registry = new();
        Use(host, "a");
        await host.RestartAsync();
        Assert.Equal("kept", (await host.FinishedAsync(id)).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task InstanceThatHasWaitedAndWorksAgain_StaysInMemory_UntilItsResultHasArrived()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = 0;
        await using var host = new EngineHost()
            .Orchestrator<int, int>("o", async (context, _) => await context.CallActivityAsync<int>("a", await context.WaitForExternalEvent<int>("go")))
            .Activity<int, int>("a", async (n, cancellation) =>
            {
                Interlocked.Increment(ref started);
                await gate.Task.WaitAsync(cancellation);
                return n;
            });
        await host.OpenAsync();
        var id = await host.StartAsync("o", 0);
        await host.RecordedAsync(id, "TurnStarted");
        // Waiting for a moment, so that it is in the row of those that may be put out.
        await EngineHost.UntilAsync(() => host.Engine.IsParked(id));
        await host.Engine.RaiseEventAsync(id, "go", 7);
        await EngineHost.UntilAsync(() => started == 1);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        gate.SetResult();
        Assert.Equal(7, (await host.FinishedAsync(id)).ReadOutputAs<int>());
        Assert.Equal(1, started);
    }

    [Theory(Timeout = Limit)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TimersThatCouldNotBeRead_AreReadLater_AndNoneIsLost(bool after)
    {
        FaultyStore? store = null;
        await using var host = new EngineHost().Orchestrator<int, string>("waits", async (context, seconds) =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime + TimeSpan.FromSeconds(seconds));
            return "fired";
        });
        host.Configure = options => options with { IdleEviction = TimeSpan.Zero };
        // The second read of timers is the one after the first horizon.
        host.Decorate = inner => store = new FaultyStore(inner, new Fault(2, after, false, nameof(IInstanceStore.PageDue)));
        await host.OpenAsync();
        var id = await host.StartAsync("waits", 90);
        await host.RecordedAsync(id, "TimerCreated");
        host.Clock.Advance(TimeSpan.FromSeconds(70));
        await EngineHost.UntilAsync(() => store!.Calls >= 2);
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("fired", (await host.FinishedAsync(id)).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task BusyInstancesThatCouldNotBeRead_AreReadLater()
    {
        var restarted = false;
        await using var host = new EngineHost()
            .Orchestrator<int, int>("o", (context, _) => context.CallActivityAsync<int>("a", 1))
            .Activity<int, int>("a", async (n, cancellation) =>
            {
                await Task.Delay(restarted ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancellation);
                return n;
            });
        FaultyStore? store = null;
        host.Decorate = inner => store = new FaultyStore(inner, restarted ? new Fault(1, false, false, nameof(IInstanceStore.PageBusy)) : null);
        await host.OpenAsync();
        var id = await host.StartAsync("o", 0);
        await host.RecordedAsync(id, "TaskScheduled");
        restarted = true;
        await host.RestartAsync();
        await EngineHost.UntilAsync(() => store!.Calls >= 1);
        var done = host.FinishedAsync(id);
        while (!done.IsCompleted)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(1, (await done).ReadOutputAs<int>());
    }

    [Fact(Timeout = Limit)]
    public async Task CommandsThatWaitForADeadStore_AreAnsweredByTheStop()
    {
        FaultyStore? store = null;
        await using var host = new EngineHost().Orchestrator<int, string>("o", (context, _) => context.WaitForExternalEvent<string>("x"));
        host.Decorate = inner => store = new FaultyStore(inner, new Fault(3, false, true, nameof(IInstanceStore.Commit)));
        await host.OpenAsync();
        var id = await host.StartAsync("o", 0);
        await host.HistoryAsync(id, history => history.Any(entry => entry.Kind == "TurnStarted"));
        await Assert.ThrowsAsync<InjectedFaultException>(() => host.Engine.RaiseEventAsync(id, "x", "lost"));
        var waiting = host.Engine.RaiseEventAsync(id, "x", "waiting");
        await host.CloseAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => waiting);
    }

    [Fact(Timeout = Limit)]
    public async Task SecondOpen_IsRefusedNamingTheOwner()
    {
        await using var host = new EngineHost();
        await host.OpenAsync();
        var refused = await Assert.ThrowsAsync<DatabaseInUseException>(() => EmbeddedEngine.OpenAsync(
            new EngineOptions { DatabasePath = host.DatabasePath }, host.Registry, new Services()));
        Assert.Equal(Environment.ProcessId, refused.Owner!.ProcessId);
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        await host.RestartAsync();
    }

    [Fact(Timeout = Limit)]
    public async Task DatabaseOfANewerVersion_IsRefusedByName()
    {
        await using var host = new EngineHost();
        await host.OpenAsync();
        await host.CloseAsync();
        using (var database = new SqliteDatabase(host.DatabasePath))
        {
            database.Execute("PRAGMA user_version = 99");
        }
        var refused = await Assert.ThrowsAsync<DatabaseVersionException>(() => EmbeddedEngine.OpenAsync(
            new EngineOptions { DatabasePath = host.DatabasePath }, host.Registry, new Services()));
        Assert.Equal(99, refused.Found);
    }

    [Fact]
    public void Options_OutOfRange_NameTheKeyAndTheRange()
    {
        var refused = Assert.Throws<ArgumentException>(() => new EngineOptions { DatabasePath = "x", MaxConcurrentActivities = 0 }.Validate());
        Assert.Contains("EngineOptions.MaxConcurrentActivities is '0'; allowed: 1 to 10000", refused.Message, StringComparison.Ordinal);
    }

    private static void Use(EngineHost host, params string[] steps)
    {
        host.Orchestrator<int, string>("o", async (context, _) =>
        {
            foreach (var step in steps)
            {
                await context.CallActivityAsync<int>(step, 0);
            }
            return await context.WaitForExternalEvent<string>("x");
        });
        foreach (var step in new[] { "a", "b", "c" })
        {
            host.Activity<int, int>(step, n => n);
        }
    }

    private sealed class Services : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
