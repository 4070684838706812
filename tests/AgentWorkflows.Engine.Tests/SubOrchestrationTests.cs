using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests;

public class SubOrchestrationTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task Children_Complete_AndTheirFailuresReachTheParent()
    {
        await using var host = Host();
        await host.OpenAsync();
        var good = await host.FinishedAsync(await host.StartAsync("parent", "child"));
        Assert.Equal("child of parent", good.ReadOutputAs<string>());
        var bad = await host.FinishedAsync(await host.StartAsync("parent", "fails"));
        Assert.Equal("failed: Broken", bad.ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task ChildEndedWhileTheParentWasAway_ReachesItAfterARestart()
    {
        await using var host = Host();
        host.Configure = options => options with { IdleEviction = TimeSpan.Zero };
        await host.OpenAsync();
        var id = await host.StartAsync("parent", "waits");
        await host.RecordedAsync(id, "SubOrchestrationScheduled");
        var child = $"{id}:0.0";
        await host.RestartAsync();
        await EngineHost.UntilAsync(() => host.Engine.Statistics.LiveInstances == 0);
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.RaiseEventAsync(child, "go", "later"));
        Assert.Equal("later", (await host.FinishedAsync(id)).ReadOutputAs<string>());
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.PurgeInstanceAsync(id));
        Assert.Null(await host.Engine.GetInstanceAsync(child));
        Assert.Null(await host.Engine.GetInstanceAsync(id));
    }

    [Fact(Timeout = Limit)]
    public async Task Terminate_ReachesChildren_AndATerminatedChildFailsItsParent()
    {
        await using var host = Host();
        await host.OpenAsync();
        var first = await host.StartAsync("parent", "waits");
        await host.RecordedAsync(first, "SubOrchestrationScheduled");
        Assert.Equal(CommandOutcome.StillRunning, await host.Engine.PurgeInstanceAsync(first));
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.TerminateInstanceAsync(first, "enough"));
        Assert.Equal(OrchestrationStatus.Terminated, (await host.FinishedAsync(first)).Status);
        Assert.Equal(OrchestrationStatus.Terminated, (await host.FinishedAsync($"{first}:0.0")).Status);
        Assert.Equal(CommandOutcome.AlreadyFinished, await host.Engine.TerminateInstanceAsync(first));

        var second = await host.StartAsync("parent", "waits");
        await host.RecordedAsync(second, "SubOrchestrationScheduled");
        await host.Engine.TerminateInstanceAsync($"{second}:0.0", "enough");
        Assert.Equal("failed: Terminated", (await host.FinishedAsync(second)).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task ChildWithAnIdThatExists_FailsTheCall_AndARetryTakesTheNextId()
    {
        await using var host = Host().Orchestrator<string, string>("chosen", (context, id) => context.CallSubOrchestratorAsync<string>(
            "child", "x", new SubOrchestrationOptions { InstanceId = id }));
        host.Orchestrator<string, string>("again", (context, id) => context.CallSubOrchestratorAsync<string>(
            "child", "x", new SubOrchestrationOptions
            {
                InstanceId = id,
                Retry = new RetryPolicy { MaxNumberOfAttempts = 2, FirstRetryInterval = TimeSpan.FromSeconds(1) },
            }));
        await host.OpenAsync();
        await host.FinishedAsync(await host.StartAsync("child", "y", "taken"));
        var refused = await host.FinishedAsync(await host.StartAsync("chosen", "taken"));
        Assert.True(refused.Failure!.IsCausedBy(DurableErrorTypes.DuplicateInstance));
        var id = await host.StartAsync("again", "taken");
        await host.RecordedAsync(id, "TimerCreated");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(OrchestrationStatus.Completed, (await host.FinishedAsync(id)).Status);
        Assert.NotNull(await host.Engine.GetInstanceAsync("taken:2"));
    }

    private static EngineHost Host() => new EngineHost()
        .Orchestrator<string, string>("parent", async (context, child) =>
        {
            try
            {
                return await context.CallSubOrchestratorAsync<string>(child, "parent");
            }
            catch (TaskFailedException e)
            {
                return $"failed: {e.Failure.ErrorType}";
            }
        })
        .Orchestrator<string, string>("child", (_, input) => Task.FromResult($"child of {input}"))
        .Orchestrator<string, string>("waits", (context, _) => context.WaitForExternalEvent<string>("go"))
        .Orchestrator<string, string>("fails", (_, _) => throw new DurableException("Broken", "no", true));
}
