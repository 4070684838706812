using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

public abstract class ExternalEventsConformance : ConformanceTests
{
    [ConformanceFact]
    public async Task An_event_reaches_the_instance_that_waits_for_it()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var decision = context.WaitForExternalEvent<Decision>("Decision");
            await context.CallAsync(Steps.Record, "waiting");
            return await decision;
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");

        await run.RaiseAsync(id, "Decision", new Decision("Ann", true));

        Assert.Equal(new Decision("Ann", true), await run.OutputAsync<Decision>(id));
    }

    [ConformanceFact]
    public async Task An_event_without_a_value_is_delivered_as_null()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
            await context.WaitForExternalEvent<string?>("Nudge") is null));
        var id = await run.StartAsync("main");

        await run.RaiseAsync<string?>(id, "Nudge", null);

        Assert.True(await run.OutputAsync<bool>(id));
    }

    [ConformanceFact]
    public async Task Events_that_arrive_early_are_kept_in_order()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CallAsync(Steps.Hold, "gate");
            var received = new List<int>();
            for (var i = 0; i < 10; i++)
            {
                received.Add(await context.WaitForExternalEvent<int>("Number"));
            }
            return received;
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("gate:started");

        for (var i = 0; i < 10; i++)
        {
            await run.RaiseAsync(id, "Number", i);
        }
        run.Recorder.Open("gate");

        Assert.Equal(Enumerable.Range(0, 10), (await run.OutputAsync<List<int>>(id))!);
    }

    [ConformanceFact]
    public async Task An_event_raised_before_the_instance_begins_is_kept()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", context => context.WaitForExternalEvent<int>("Number")));
        var id = await run.StartAsync("main", new StartOrchestrationOptions { StartAt = run.UtcNow + Second });

        await run.RaiseAsync(id, "Number", 7);
        await run.AdvanceAsync(Second);

        Assert.Equal(7, await run.OutputAsync<int>(id));
    }

    [ConformanceFact]
    public async Task Events_of_different_names_do_not_block_each_other()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var b = await context.WaitForExternalEvent<string>("B");
            var a = await context.WaitForExternalEvent<string>("A");
            return a + b;
        }));
        var id = await run.StartAsync("main");

        await run.RaiseAsync(id, "A", "a");
        await run.RaiseAsync(id, "B", "b");

        Assert.Equal("ab", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task Event_names_are_compared_without_regard_to_case()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var first = await context.WaitForExternalEvent<int>("APPROVAL");
            var second = await context.WaitForExternalEvent<int>("approval");
            return new[] { first, second };
        }));
        var id = await run.StartAsync("main");

        await run.RaiseAsync(id, "approval", 1);
        await run.RaiseAsync(id, "Approval", 2);

        var received = await run.OutputAsync<int[]>(id);
        Assert.Equal([1, 2], received!);
    }

    [ConformanceFact]
    public async Task Of_two_waiters_the_first_gets_the_first_event()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var first = context.WaitForExternalEvent<int>("Number");
            var second = context.WaitForExternalEvent<int>("Number");
            await context.CallAsync(Steps.Record, "waiting");
            return await Task.WhenAll(first, second);
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");

        await run.RaiseAsync(id, "Number", 1);
        await run.RaiseAsync(id, "Number", 2);

        var received = await run.OutputAsync<int[]>(id);
        Assert.Equal([1, 2], received!);
    }

    [ConformanceFact]
    public async Task A_cancelled_wait_consumes_nothing()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var cancelled = context.WaitForExternalEvent<int>("Number", cancel.Token);
            var kept = context.WaitForExternalEvent<int>("Number");
            cancel.Cancel();
            await context.CallAsync(Steps.Record, "waiting");
            try
            {
                return await cancelled;
            }
            catch (OperationCanceledException)
            {
                return 10 * await kept;
            }
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");

        await run.RaiseAsync(id, "Number", 1);

        Assert.Equal(10, await run.OutputAsync<int>(id));
    }

    [ConformanceFact]
    public async Task A_waiting_instance_gets_its_event_after_a_restart()
    {
        Requires(Capabilities.Restart);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var number = context.WaitForExternalEvent<int>("Number");
            await context.CallAsync(Steps.Record, "waiting");
            return await number;
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");

        await run.RestartAsync();
        await run.RaiseAsync(id, "Number", 1);

        Assert.Equal(1, await run.OutputAsync<int>(id));
    }

    [ConformanceFact]
    public async Task Early_events_are_kept_in_order_across_a_restart()
    {
        Requires(Capabilities.Restart);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CallAsync(Steps.Hold, "gate");
            return new[]
            {
                await context.WaitForExternalEvent<int>("Number"), await context.WaitForExternalEvent<int>("Number"), await context.WaitForExternalEvent<int>("Number"),
            };
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("gate:started");
        await run.RaiseAsync(id, "Number", 1);
        await run.RaiseAsync(id, "Number", 2);
        if (!Capabilities.RecordsWhatItAccepts)
        {
            await run.RecordedAsync(id, "Number", 2);
        }

        await run.RestartAsync();
        await run.RaiseAsync(id, "Number", 3);
        run.Recorder.Open("gate");

        var received = await run.OutputAsync<int[]>(id);
        Assert.Equal([1, 2, 3], received!);
    }

    [ConformanceFact]
    public async Task A_wait_with_a_deadline_gives_the_event_that_comes_in_time()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var wait = context.WaitForExternalEventUntil<int>("Number", context.CurrentUtcDateTime + Day);
            await context.CallAsync(Steps.Record, "waiting");
            return await wait;
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");

        await run.RaiseAsync(id, "Number", 7);

        Assert.Equal(new EventOrTimeout<int>(false, 7), await run.OutputAsync<EventOrTimeout<int>>(id));
    }

    [ConformanceFact]
    public async Task An_event_that_is_there_already_wins_over_a_deadline_that_has_passed()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CallAsync(Steps.Hold, "gate");
            return await context.WaitForExternalEventUntil<int>("Number", context.CurrentUtcDateTime - Second);
        }));
        var id = await run.StartAsync("main");
        await run.RaiseAsync(id, "Number", 7);
        run.Recorder.Open("gate");

        Assert.Equal(new EventOrTimeout<int>(false, 7), await run.OutputAsync<EventOrTimeout<int>>(id));
    }

    [ConformanceFact]
    public async Task After_a_deadline_the_late_event_goes_to_the_next_waiter()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var wait = context.WaitForExternalEventUntil<int>("Number", context.CurrentUtcDateTime + Second);
            await context.CallAsync(Steps.Record, "waiting");
            var inTime = await wait;
            await context.CallAsync(Steps.Record, "timed out");
            return new LateEvent(inTime.TimedOut, await context.WaitForExternalEvent<int>("Number"));
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");

        await run.AdvanceAsync(Second);
        await run.Recorder.SeenAsync("timed out");
        await run.RaiseAsync(id, "Number", 7);

        Assert.Equal(new LateEvent(true, 7), await run.OutputAsync<LateEvent>(id));
    }

    public sealed record Decision(string By, bool Approved);

    public sealed record LateEvent(bool TimedOut, int Value);
}
