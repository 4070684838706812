using System.Collections.Concurrent;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests;

public class OrchestrationTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task Activities_RunInOrder_AndResultIsReturned()
    {
        await using var host = new EngineHost()
            .Orchestrator<int, int>("sum", async (context, n) =>
            {
                var total = 0;
                for (var i = 1; i <= n; i++)
                {
                    total += await context.CallActivityAsync<int>("double", i);
                }
                return total;
            })
            .Activity<int, int>("double", n => 2 * n);
        await host.OpenAsync();
        var id = await host.StartAsync("sum", 10);
        var done = await host.FinishedAsync(id);
        Assert.Equal(OrchestrationStatus.Completed, done.Status);
        Assert.Equal(110, done.ReadOutputAs<int>());
        Assert.Equal(10, done.ReadInputAs<int>());
        Assert.Equal(0, host.Engine.Statistics.Replays);
        var history = await host.Engine.GetHistoryAsync(id);
        Assert.Equal("ExecutionStarted", history![0].Kind);
        Assert.Equal("ExecutionCompleted", history[^1].Kind);
        Assert.Equal(10, history.Count(entry => entry.Kind == "TaskCompleted"));
        Assert.Equal(Enumerable.Range(0, history.Count), history.Select(entry => entry.Sequence));
    }

    [Fact(Timeout = Limit)]
    public async Task FanOut_WhenAllAndWhenAny_Work()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new EngineHost()
            .Orchestrator<int, int>("fan", async (context, n) =>
            {
                var slow = context.CallActivityAsync<int>("slow", 0);
                var all = Enumerable.Range(0, n).Select(i => context.CallActivityAsync<int>("one", i)).ToArray();
                var first = await Task.WhenAny(Task.WhenAll(all), slow);
                return first == slow ? -1 : all.Sum(task => task.Result);
            })
            .Activity<int, int>("one", n => n)
            .Activity<int, int>("slow", async (_, cancellation) =>
            {
                await gate.Task.WaitAsync(cancellation);
                return 0;
            });
        await host.OpenAsync();
        var done = await host.FinishedAsync(await host.StartAsync("fan", 100));
        gate.SetResult();
        Assert.Equal(4950, done.ReadOutputAs<int>());
    }

    [Fact(Timeout = Limit)]
    public async Task Start_WithAnIdThatExists_IsRefusedByStatus()
    {
        await using var host = new EngineHost().Orchestrator<int, int>("wait", (context, _) => context.WaitForExternalEvent<int>("go"));
        await host.OpenAsync();
        var id = await host.StartAsync("wait", 0, "a");
        await host.RecordedAsync(id, "TurnStarted");
        var second = await host.Engine.ScheduleNewOrchestrationInstanceAsync("wait", 0, new StartOrchestrationOptions { InstanceId = "a" });
        Assert.Equal(new StartOutcome.DuplicateStart("a", OrchestrationStatus.Running), second);
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.RaiseEventAsync(id, "GO", 5));
        Assert.Equal(5, (await host.FinishedAsync(id)).ReadOutputAs<int>());
        Assert.Equal(CommandOutcome.AlreadyFinished, await host.Engine.RaiseEventAsync(id, "go", 5));
        Assert.Equal(CommandOutcome.NotFound, await host.Engine.RaiseEventAsync("none", "go", 5));
    }

    [Fact(Timeout = Limit)]
    public async Task Failure_OfActivity_IsRetriedWithDurableDelays_ThenThrown()
    {
        var attempts = new ConcurrentQueue<DateTimeOffset>();
        await using var host = new EngineHost();
        host.Orchestrator<int, string>("retry", async (context, _) =>
        {
            var policy = new RetryPolicy { MaxNumberOfAttempts = 3, FirstRetryInterval = TimeSpan.FromSeconds(10), BackoffCoefficient = 2 };
            try
            {
                return await context.CallActivityAsync<string>("bad", 0, policy);
            }
            catch (TaskFailedException e)
            {
                return $"{e.TaskName} {e.Failure.ErrorType} {(context.CurrentUtcDateTime - host.Clock.GetUtcNow()).TotalSeconds:0}";
            }
        }).Activity<int, string>("bad", _ =>
        {
            attempts.Enqueue(host.Clock.GetUtcNow());
            throw new DurableException("Broken", "no", false);
        });
        await host.OpenAsync();
        var id = await host.StartAsync("retry", 0);
        await host.RecordedAsync(id, "TimerCreated");
        await host.RestartAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await host.RecordedAsync(id, "TimerCreated", 2);
        host.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.Equal(2, attempts.Count);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("bad Broken 0", (await host.FinishedAsync(id)).ReadOutputAs<string>());
        Assert.Equal([0, 10, 30], attempts.Select(at => (at - attempts.First()).TotalSeconds));
    }

    [Fact(Timeout = Limit)]
    public async Task UnhandledFailure_CarriesDetails_AndUnregisteredNamesFail()
    {
        await using var host = new EngineHost()
            .Orchestrator<int, int>("fails", (context, _) => context.CallActivityAsync<int>("missing", 0));
        await host.OpenAsync();
        var done = await host.FinishedAsync(await host.StartAsync("fails", 0));
        Assert.Equal(OrchestrationStatus.Failed, done.Status);
        Assert.True(done.Failure!.IsCausedBy(DurableErrorTypes.NotRegistered));
        var unknown = await host.FinishedAsync(await host.StartAsync("nobody", 0));
        Assert.Equal(DurableErrorTypes.NotRegistered, unknown.Failure!.ErrorType);
    }

    [Fact(Timeout = Limit)]
    public async Task Events_EarlyAndInOrder_AndCancelledWaitsConsumeNothing()
    {
        await using var host = new EngineHost().Orchestrator<int, string>("events", async (context, _) =>
        {
            var late = await context.WaitForExternalEventUntil<string>("x", context.CurrentUtcDateTime + TimeSpan.FromMinutes(1));
            var rest = new List<string> { late.TimedOut ? "timeout" : late.Value! };
            for (var i = 0; i < 3; i++)
            {
                rest.Add(await context.WaitForExternalEvent<string>("X"));
            }
            rest.Add(await context.WaitForExternalEvent<string>("early"));
            return string.Join(',', rest);
        });
        await host.OpenAsync();
        var id = await host.StartAsync("events", 0);
        await host.Engine.RaiseEventAsync(id, "Early", "e");
        await host.RecordedAsync(id, "TimerCreated");
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.RecordedAsync(id, "TimerFired");
        await host.Engine.RaiseEventAsync(id, "x", "1");
        await host.RestartAsync();
        await host.Engine.RaiseEventAsync(id, "x", "2");
        await host.Engine.RaiseEventAsync(id, "X", "3");
        Assert.Equal("timeout,1,2,3,e", (await host.FinishedAsync(id)).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task EventBeforeDeadline_CancelsTheTimer()
    {
        await using var host = new EngineHost().Orchestrator<int, string>("race", async (context, _) =>
        {
            var answer = await context.WaitForExternalEventUntil<string>("x", context.CurrentUtcDateTime + TimeSpan.FromDays(30));
            await context.WaitForExternalEvent<string>("end");
            return answer.Value!;
        });
        await host.OpenAsync();
        var id = await host.StartAsync("race", 0);
        await host.Engine.RaiseEventAsync(id, "x", "yes");
        await host.RecordedAsync(id, "TimerCancelled");
        await host.RestartAsync();
        host.Clock.Advance(TimeSpan.FromDays(31));
        await host.Engine.RaiseEventAsync(id, "end", "");
        Assert.Equal("yes", (await host.FinishedAsync(id)).ReadOutputAs<string>());
        Assert.DoesNotContain(await host.Engine.GetHistoryAsync(id) ?? [], entry => entry.Kind == "TimerFired");
    }

    [Fact(Timeout = Limit)]
    public async Task Timers_BeyondTheHorizon_FireWhenDue_AndLateOnesAfterRestart()
    {
        await using var host = new EngineHost().Orchestrator<double, DateTimeOffset>("sleep", async (context, hours) =>
        {
            await context.CreateTimer(TimeSpan.FromHours(hours));
            return context.CurrentUtcDateTime;
        });
        host.Configure = options => options with { IdleEviction = TimeSpan.Zero };
        await host.OpenAsync();
        var start = host.Clock.GetUtcNow();
        var soon = await host.StartAsync("sleep", 1.0);
        var late = await host.StartAsync("sleep", 50.0);
        await host.RecordedAsync(soon, "TimerCreated");
        await host.RecordedAsync(late, "TimerCreated");
        await EngineHost.UntilAsync(() => host.Engine.Statistics.LiveInstances == 0);
        host.Clock.Advance(TimeSpan.FromHours(2));
        Assert.True((await host.FinishedAsync(soon)).ReadOutputAs<DateTimeOffset>() >= start + TimeSpan.FromHours(1));
        await host.CloseAsync();
        host.Clock.Advance(TimeSpan.FromDays(5));
        await host.OpenAsync();
        Assert.Equal(start + TimeSpan.FromHours(122), (await host.FinishedAsync(late)).ReadOutputAs<DateTimeOffset>());
    }

    [Fact(Timeout = Limit)]
    public async Task ContinueAsNew_KeepsUnprocessedEvents_AndVersion()
    {
        await using var host = new EngineHost().Orchestrator<int, string>("loop", async (context, round) =>
        {
            var got = await context.WaitForExternalEvent<string>("x");
            if (round < 4)
            {
                context.ContinueAsNew(round + 1);
                return "";
            }
            return $"{got} {context.Version} {round}";
        }, "v1");
        host.Configure = options => options with { DefaultVersion = "v1" };
        await host.OpenAsync();
        var id = await host.StartAsync("loop", 0);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => host.Engine.RaiseEventAsync(id, "x", $"e{i}")));
        var done = await host.FinishedAsync(id);
        Assert.EndsWith("v1 4", done.ReadOutputAs<string>());
        Assert.Equal(4, done.ReadInputAs<int>());
        Assert.Single(await host.Engine.GetHistoryAsync(id) ?? [], entry => entry.Kind == "ExecutionStarted");
    }

    [Fact(Timeout = Limit)]
    public async Task SuspendedInstance_KeepsWork_AndGoesOnWhenResumed()
    {
        await using var host = new EngineHost().Orchestrator<int, string>("s", async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(5));
            return await context.WaitForExternalEvent<string>("x");
        });
        await host.OpenAsync();
        var id = await host.StartAsync("s", 0);
        await host.RecordedAsync(id, "TimerCreated");
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.SuspendInstanceAsync(id, "why"));
        await host.Engine.RaiseEventAsync(id, "x", "kept");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await host.RestartAsync();
        Assert.Equal(OrchestrationStatus.Suspended, (await host.Engine.GetInstanceAsync(id))!.Status);
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.ResumeInstanceAsync(id));
        Assert.Equal("kept", (await host.FinishedAsync(id)).ReadOutputAs<string>());
    }

    [Fact(Timeout = Limit)]
    public async Task CustomStatus_NewGuid_AndReplaySafeValues_AreTheSameAfterRestart()
    {
        await using var host = new EngineHost().Orchestrator<int, string>("ids", async (context, _) =>
        {
            var before = $"{context.NewGuid()} {context.NewGuid()} {context.CurrentUtcDateTime:O}";
            context.SetCustomStatus(before);
            return $"{before}|{await context.WaitForExternalEvent<string>("x")}";
        });
        await host.OpenAsync();
        var id = await host.StartAsync("ids", 0);
        await host.RecordedAsync(id, "TurnStarted");
        var status = (await host.Engine.GetInstanceAsync(id))!.ReadCustomStatusAs<string>();
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.RestartAsync();
        await host.Engine.RaiseEventAsync(id, "x", "end");
        Assert.Equal($"{status}|end", (await host.FinishedAsync(id)).ReadOutputAs<string>());
    }

    [Theory(Timeout = Limit)]
    [InlineData("delay")]
    [InlineData("run")]
    [InlineData("unconfigured")]
    [InlineData("never")]
    public async Task Orchestrator_ThatAwaitsSomethingNotDurable_FailsWithTheReason(string how)
    {
        await using var host = new EngineHost()
            .Orchestrator<string, int>("bad", async (context, way) =>
            {
                switch (way)
                {
                    case "delay": await Task.Delay(1); break;
                    case "run": await Task.Run(() => 1); break;
                    case "never": await new TaskCompletionSource().Task; break;
                    default: await context.CallActivityAsync<int>("one", 1).ConfigureAwait(false); break;
                }
                return await context.CallActivityAsync<int>("one", 1);
            })
            .Activity<int, int>("one", n => n);
        await host.OpenAsync();
        var done = await host.FinishedAsync(await host.StartAsync("bad", how));
        Assert.Equal(OrchestrationStatus.Failed, done.Status);
        Assert.Contains("not durable", done.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task Payloads_ThatAreTooLarge_AreRefusedByName()
    {
        await using var host = new EngineHost()
            .Orchestrator<int, string>("big", async (context, n) => await context.CallActivityAsync<string>("make", n))
            .Activity<int, string>("make", n => new string('x', n));
        host.Configure = options => options with { MaxPayloadBytes = 2000 };
        await host.OpenAsync();
        var done = await host.FinishedAsync(await host.StartAsync("big", 3000));
        Assert.True(done.Failure!.IsCausedBy(DurableErrorTypes.PayloadTooLarge));
        var refused = await Assert.ThrowsAsync<DurableException>(() => host.StartAsync("big", new string('x', 3000)));
        Assert.Equal(DurableErrorTypes.PayloadTooLarge, refused.ErrorType);
    }
}
