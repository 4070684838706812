using System.Collections.Concurrent;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests;

/// <summary>A new instance from what another one has recorded.</summary>
public class ForkTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task Fork_ReusesResultsUpToThePoint_AndRunsTheRestAnew()
    {
        var runs = new ConcurrentQueue<string>();
        await using var host = Steps(runs);
        await host.OpenAsync();
        await host.StartAsync("steps", "", "source");
        var source = await host.FinishedAsync("source");
        var history = await host.Engine.GetHistoryAsync("source");
        var second = history!.Where(entry => entry.Kind == "TaskCompleted").ElementAt(1);
        runs.Clear();

        Assert.IsType<ForkOutcome.Forked>(await host.Engine.ForkAsync("source", "fork", second.Sequence));
        var fork = await host.FinishedAsync("fork");

        Assert.Equal(["fork/3", "fork/4"], runs.Order());
        Assert.Equal("source/1 source/2 fork/3 fork/4", fork.ReadOutputAs<string>());
        Assert.Equal("source/1 source/2 source/3 source/4", source.ReadOutputAs<string>());
        Assert.Equal(history, await host.Engine.GetHistoryAsync("source"));
    }

    [Fact(Timeout = Limit)]
    public async Task Fork_AtEveryEvent_ReachesAnEndLikeTheSource_AlsoAfterARestart()
    {
        await using var host = Steps(new());
        host.Configure = options => options with { IdleEviction = TimeSpan.Zero };
        await host.OpenAsync();
        await host.StartAsync("steps", "", "source");
        await host.FinishedAsync("source");
        var history = (await host.Engine.GetHistoryAsync("source"))!;
        for (var point = 0; point < history.Count; point++)
        {
            Assert.IsType<ForkOutcome.Forked>(await host.Engine.ForkAsync("source", $"fork-{point}", point));
        }
        await host.RestartAsync();
        for (var point = 0; point < history.Count; point++)
        {
            var fork = await host.FinishedAsync($"fork-{point}");
            Assert.Equal(OrchestrationStatus.Completed, fork.Status);
            Assert.Equal(4, fork.ReadOutputAs<string>()!.Split(' ').Length);
            Assert.Null((await host.Engine.ReplayAsync($"fork-{point}"))!.Divergence);
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Fork_KeepsIdsThatTheSourceDerived_AndDerivesItsOwnFromThere()
    {
        await using var host = new EngineHost()
            .Orchestrator<int, string>("ids", async (context, _) =>
            {
                var first = context.NewGuid();
                var child = await context.CallSubOrchestratorAsync<string>("child", 0);
                var second = context.NewGuid();
                await context.WaitForExternalEvent<int>("go");
                return $"{first} {child} {second} {await context.CallSubOrchestratorAsync<string>("child", 0)} {context.NewGuid()}";
            })
            .Orchestrator<int, string>("child", (context, _) => Task.FromResult(context.InstanceId));
        host.Configure = options => options with { IdleEviction = TimeSpan.Zero };
        await host.OpenAsync();
        await host.StartAsync("ids", 0, "source");
        await host.RecordedAsync("source", "SubOrchestrationCompleted");
        await host.HistoryAsync("source", history => history.Count(entry => entry.Kind == "TurnStarted") == 2);
        Assert.IsType<ForkOutcome.Forked>(await host.Engine.ForkAsync("source", "fork"));
        Assert.IsType<ForkOutcome.Forked>(await host.Engine.ForkAsync("fork", "fork-of-fork"));
        await host.RestartAsync();

        var ids = new List<string[]>();
        foreach (var id in new[] { "source", "fork", "fork-of-fork" })
        {
            Assert.Equal(CommandOutcome.Accepted, await host.Engine.RaiseEventAsync(id, "go", 1));
            var done = await host.FinishedAsync(id);
            Assert.Null(done.Failure);
            ids.Add(done.ReadOutputAs<string>()!.Split(' '));
        }
        Assert.All(ids, one => Assert.Equal(ids[0].Take(3), one.Take(3)));
        Assert.Equal(3, ids.Select(one => one[3]).Distinct().Count());
        Assert.Equal(3, ids.Select(one => one[4]).Distinct().Count());
        Assert.All(["source", "fork", "fork-of-fork"], id => Assert.Null(host.Engine.ReplayAsync(id).GetAwaiter().GetResult()!.Divergence));
    }

    [Fact(Timeout = Limit)]
    public async Task Fork_OfAnOpenTimer_KeepsTheTimeThatWasLeft()
    {
        await using var host = new EngineHost()
            .Orchestrator<int, string>("waits", async (context, _) =>
            {
                var answer = await context.WaitForExternalEventUntil<string>("answer", context.CurrentUtcDateTime + TimeSpan.FromMinutes(10));
                return answer.TimedOut ? "late" : answer.Value!;
            });
        await host.OpenAsync();
        await host.StartAsync("waits", 0, "source");
        await host.RecordedAsync("source", "TimerCreated");
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("late", (await host.FinishedAsync("source")).ReadOutputAs<string>());

        var history = (await host.Engine.GetHistoryAsync("source"))!;
        var created = history.Single(entry => entry.Kind == "TimerCreated").Sequence;
        Assert.IsType<ForkOutcome.Forked>(await host.Engine.ForkAsync("source", "fork", created));
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.RaiseEventAsync("fork", "answer", "in time"));
        Assert.Equal("in time", (await host.FinishedAsync("fork")).ReadOutputAs<string>());

        Assert.IsType<ForkOutcome.Forked>(await host.Engine.ForkAsync("source", "fork-2", created));
        await EngineHost.UntilAsync(() => host.Engine.GetInstanceAsync("fork-2").Result!.Status == OrchestrationStatus.Running);
        host.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.False((await host.Engine.GetInstanceAsync("fork-2"))!.Status.IsTerminal());
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("late", (await host.FinishedAsync("fork-2")).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task Fork_OfARunningActivity_RunsItInTheForkToo_WithTheRecordedInput()
    {
        var runs = new ConcurrentQueue<string>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new EngineHost()
            .Orchestrator<int, string>("o", (context, _) => context.CallActivityAsync<string>("held", $"key of {context.InstanceId}"))
            .Activity<string, string>("held", async (key, cancellation) =>
            {
                runs.Enqueue(key);
                await gate.Task.WaitAsync(cancellation);
                return key;
            });
        await host.OpenAsync();
        await host.StartAsync("o", 0, "source");
        await EngineHost.UntilAsync(() => runs.Count == 1);
        Assert.IsType<ForkOutcome.Forked>(await host.Engine.ForkAsync("source", "fork"));
        await EngineHost.UntilAsync(() => runs.Count == 2);
        gate.SetResult();
        Assert.Equal("key of source", (await host.FinishedAsync("fork")).ReadOutputAs<string>());
        Assert.Equal("key of source", (await host.FinishedAsync("source")).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task Fork_WhereItCannotBe_SaysWhy()
    {
        await using var host = Steps(new())
            .Orchestrator<int, int>("parent", (context, _) => context.CallSubOrchestratorAsync<int>("waiting", 0))
            .Orchestrator<int, int>("waiting", (context, _) => context.WaitForExternalEvent<int>("go"));
        await host.OpenAsync();
        await host.StartAsync("steps", "", "source");
        await host.FinishedAsync("source");
        await host.StartAsync("parent", 0, "parent");
        await host.RecordedAsync("parent", "SubOrchestrationScheduled");

        Assert.Equal(new ForkOutcome.SourceNotFound("nobody"), await host.Engine.ForkAsync("nobody", "fork"));
        Assert.Equal(new ForkOutcome.DuplicateStart("source", OrchestrationStatus.Completed), await host.Engine.ForkAsync("source", "source"));
        Assert.Equal(new ForkOutcome.OpenSubOrchestration("parent:0.0", 2), await host.Engine.ForkAsync("parent", "fork"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.Engine.ForkAsync("source", "fork", -1));
        await Assert.ThrowsAsync<ArgumentException>(() => host.Engine.ForkAsync("source", "no such id\n"));
        Assert.Null(await host.Engine.GetInstanceAsync("fork"));
    }

    private static EngineHost Steps(ConcurrentQueue<string> runs) => new EngineHost()
        .Orchestrator<string, string>("steps", async (context, _) =>
        {
            var done = new List<string> { await context.CallActivityAsync<string>("step", $"{context.InstanceId}/1") };
            var second = context.CallActivityAsync<string>("step", $"{context.InstanceId}/2");
            done.Add(await second);
            done.AddRange(await Task.WhenAll(
                context.CallActivityAsync<string>("step", $"{context.InstanceId}/3"), context.CallActivityAsync<string>("step", $"{context.InstanceId}/4")));
            return string.Join(' ', done);
        })
        .Activity<string, string>("step", key =>
        {
            runs.Enqueue(key);
            return key;
        });
}
