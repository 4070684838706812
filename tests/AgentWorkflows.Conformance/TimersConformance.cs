using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

public abstract class TimersConformance : ConformanceTests
{
    [ConformanceFact]
    public async Task A_timer_does_not_fire_before_its_time()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var start = context.CurrentUtcDateTime;
            var early = context.CreateTimer(start + Second);
            var late = context.CreateTimer(start + 2 * Second);
            await context.CallAsync(Steps.Record, "armed");
            await early;
            await context.CallAsync(Steps.Record, "early");
            await late;
            return context.CurrentUtcDateTime - start;
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("armed");

        await run.AdvanceAsync(Second);
        await run.Recorder.SeenAsync("early");
        if (Capabilities.VirtualTime)
        {
            Assert.Equal(OrchestrationStatus.Running, await run.StatusAsync(id));
        }
        await run.AdvanceAsync(Second);

        Assert.True(await run.OutputAsync<TimeSpan>(id) >= 2 * Second - Capabilities.Early);
    }

    [ConformanceFact]
    public async Task A_timer_in_the_past_fires_at_once()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime);
            await context.CreateTimer(context.CurrentUtcDateTime - Day);
            return "fired";
        }));

        Assert.Equal("fired", await run.RunAsync<string>("main"));
    }

    [ConformanceFact]
    public async Task Timers_fire_in_the_order_of_their_times()
    {
        // On a slow machine they are late, and closer together than such an engine tells apart.
        Requires(Capabilities.OrdersLateTimers);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var start = context.CurrentUtcDateTime;
            var fired = new List<string>();
            var all = Task.WhenAll(
                NoteAsync("third", start + 1.5 * Second), NoteAsync("first", start + 0.5 * Second),
                NoteAsync("fourth", start + 1.75 * Second), NoteAsync("second", start + Second));
            await context.CallAsync(Steps.Record, "armed");
            await all;
            return fired;

            async Task NoteAsync(string name, DateTimeOffset at)
            {
                await context.CreateTimer(at);
                fired.Add(name);
            }
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("armed");

        await run.AdvanceAsync(2 * Second);

        Assert.Equal(["first", "second", "third", "fourth"], (await run.OutputAsync<List<string>>(id))!);
    }

    [ConformanceFact]
    public async Task A_cancelled_timer_throws_and_does_not_keep_the_instance_alive()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(context.CurrentUtcDateTime + Day, cancel.Token);
            await context.CallAsync(Steps.Record, "armed");
            cancel.Cancel();
            try
            {
                await timer;
                return "fired";
            }
            catch (OperationCanceledException)
            {
                return "cancelled";
            }
        }));

        Assert.Equal("cancelled", await run.RunAsync<string>("main"));
    }

    [ConformanceFact]
    public async Task An_instance_may_finish_while_a_timer_is_outstanding()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var timer = context.CreateTimer(Day);
            await context.CallAsync(Steps.Record, "armed");
            return timer.IsCompleted;
        }));

        Assert.False(await run.RunAsync<bool>("main"));
    }

    [ConformanceFact]
    public async Task Cancelling_a_timer_that_has_fired_changes_nothing()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(context.CurrentUtcDateTime - Second, cancel.Token);
            await timer;
            cancel.Cancel();
            await context.CallAsync(Steps.Record, "after");
            return timer.IsCompletedSuccessfully;
        }));

        Assert.True(await run.RunAsync<bool>("main"));
    }

    [ConformanceFact]
    public async Task A_timer_survives_a_restart()
    {
        Requires(Capabilities.Restart);
        await using var run = await RunningAsync(WaitsForTwoSeconds);
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("armed");

        await run.RestartAsync();
        if (Capabilities.VirtualTime)
        {
            Assert.Equal(OrchestrationStatus.Running, await run.StatusAsync(id));
        }
        await run.AdvanceAsync(2 * Second);

        Assert.True(await run.OutputAsync<TimeSpan>(id) >= 2 * Second - Capabilities.Early);
    }

    [ConformanceFact]
    public async Task A_timer_that_was_due_while_the_engine_was_down_fires_at_once_after_the_restart()
    {
        Requires(Capabilities.Restart);
        await using var run = await RunningAsync(WaitsForTwoSeconds);
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("armed");

        await run.RestartAsync(downtime: 3 * Second);

        Assert.True(await run.OutputAsync<TimeSpan>(id) >= 2 * Second - Capabilities.Early);
    }

    [ConformanceFact]
    public async Task Late_timers_fire_in_the_order_of_their_times()
    {
        Requires(Capabilities.Restart);
        Requires(Capabilities.OrdersLateTimers);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var start = context.CurrentUtcDateTime;
            var fired = new List<int>();
            var all = Task.WhenAll(new[] { 3, 1, 2 }.Select(NoteAsync).ToArray());
            await context.CallAsync(Steps.Record, "armed");
            await all;
            return fired;

            async Task NoteAsync(int seconds)
            {
                await context.CreateTimer(start + seconds * Second);
                fired.Add(seconds);
            }
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("armed");

        await run.RestartAsync(downtime: 4 * Second);

        Assert.Equal([1, 2, 3], (await run.OutputAsync<List<int>>(id))!);
    }

    [ConformanceFact]
    public async Task A_timer_wakes_only_its_own_instance()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator<int, int>("main", async (context, seconds) =>
        {
            var timer = context.CreateTimer(seconds * Second);
            await context.CallAsync(Steps.Record, "armed");
            await timer;
            return seconds;
        }));
        var soon = await run.StartAsync("main", 1);
        var never = await run.StartAsync("main", 86_400);
        await run.Recorder.SeenAsync("armed", 2);

        await run.AdvanceAsync(Second);

        Assert.Equal(1, await run.OutputAsync<int>(soon));
        Assert.Equal(OrchestrationStatus.Running, await run.StatusAsync(never));
    }

    private static void WaitsForTwoSeconds(DurableRegistry registry) => registry.Orchestrator("main", async context =>
    {
        var start = context.CurrentUtcDateTime;
        var timer = context.CreateTimer(start + 2 * Second);
        await context.CallAsync(Steps.Record, "armed");
        await timer;
        return context.CurrentUtcDateTime - start;
    });
}
