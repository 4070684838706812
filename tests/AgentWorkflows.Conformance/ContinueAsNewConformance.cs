using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

public abstract class ContinueAsNewConformance : ConformanceTests
{
    [ConformanceFact]
    public async Task A_continued_orchestrator_starts_again_with_its_new_input_under_the_same_id()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator<int, string>("main", (context, generation) =>
        {
            if (generation < 3)
            {
                context.ContinueAsNew(generation + 1);
                return Task.FromResult("ignored");
            }
            return Task.FromResult($"{generation} {context.InstanceId}");
        }));

        var id = await run.StartAsync("main", 1);

        Assert.Equal($"3 {id}", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task Fifty_generations_consume_fifty_events_in_order()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator<int[], int[]>("main", async (context, received) =>
        {
            int[] more = [.. received, await context.WaitForExternalEvent<int>("Number")];
            if (more.Length < 50)
            {
                context.ContinueAsNew(more);
            }
            return more;
        }));
        var id = await run.StartAsync<int[]>("main", []);

        for (var i = 0; i < 50; i++)
        {
            await run.RaiseAsync(id, "Number", i);
        }

        Assert.Equal(Enumerable.Range(0, 50), (await run.OutputAsync<int[]>(id))!);
    }

    [ConformanceFact]
    public async Task Unprocessed_events_are_kept()
    {
        Requires(Capabilities.KeepsUnprocessedEvents);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", ContinuesOnce(preserve: true)));
        var id = await run.StartAsync("main", 1);
        await RaiseTwoBeforeContinuingAsync(run, id);

        Assert.Equal(new EventOrTimeout<int>(false, 2), await run.OutputAsync<EventOrTimeout<int>>(id));
    }

    [ConformanceFact]
    public async Task Unprocessed_events_are_dropped_when_asked()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", ContinuesOnce(preserve: false)));
        var id = await run.StartAsync("main", 1);
        await RaiseTwoBeforeContinuingAsync(run, id);
        await run.Recorder.SeenAsync("waiting again");

        await run.AdvanceAsync(2 * Second);

        Assert.True((await run.OutputAsync<EventOrTimeout<int>>(id)).TimedOut);
    }

    [ConformanceFact]
    public async Task Unprocessed_events_are_kept_across_a_restart()
    {
        Requires(Capabilities.Restart);
        Requires(Capabilities.KeepsUnprocessedEvents);
        await using var run = await RunningAsync(registry => registry.Orchestrator<int, int>("main", async (context, generation) =>
        {
            if (generation == 1)
            {
                await context.CallAsync(Steps.Hold, "gate");
                context.ContinueAsNew(2);
                return 0;
            }
            await context.CallAsync(Steps.Hold, "second gate");
            return await context.WaitForExternalEvent<int>("Number");
        }));
        var id = await run.StartAsync("main", 1);
        await run.RaiseAsync(id, "Number", 7);
        run.Recorder.Open("gate");
        await run.Recorder.SeenAsync("second gate:started");

        await run.RestartAsync();
        run.Recorder.Open("second gate");

        Assert.Equal(7, await run.OutputAsync<int>(id));
    }

    [ConformanceFact]
    public async Task History_does_not_grow_with_generations()
    {
        Requires(Capabilities.History);
        await using var run = await RunningAsync(registry => registry.Orchestrator<int, int>("main", async (context, left) =>
        {
            await context.CallAsync(Steps.Record, "generation");
            if (left > 0)
            {
                context.ContinueAsNew(left - 1);
            }
            return left;
        }));

        var one = await HistoryLengthAsync(0);
        var fifty = await HistoryLengthAsync(49);

        Assert.Equal(51, run.Recorder.Count("generation"));
        // Some slack for engine events of the hand-over; fifty generations' own events would be a hundred at least.
        Assert.InRange(fifty, 1, one + 10);

        async Task<int> HistoryLengthAsync(int left)
        {
            var id = await run.StartAsync("main", left);
            Assert.Equal(0, await run.OutputAsync<int>(id));
            return (await run.Client.GetHistoryAsync(id))!.Count;
        }
    }

    [ConformanceFact]
    public async Task Outstanding_work_of_the_last_generation_does_not_disturb_the_next()
    {
        Requires(Capabilities.EndsBeforeItsActivities);
        await using var run = await RunningAsync(registry => registry.Orchestrator<int, string>("main", async (context, generation) =>
        {
            if (generation == 1)
            {
                _ = context.CallAsync(Steps.Hold, "old");
                _ = context.CreateTimer(Second);
                _ = context.WaitForExternalEvent<int>("Number");
                await context.CallAsync(Steps.Hold, "leave");
                context.ContinueAsNew(2);
                return "";
            }
            var next = context.CallAsync(Steps.Hold, "new");
            var number = await context.WaitForExternalEvent<int>("Number");
            return await next + number;
        }));
        var id = await run.StartAsync("main", 1);
        await run.Recorder.SeenAsync("old:started");
        run.Recorder.Open("leave");
        await run.Recorder.SeenAsync("new:started");

        run.Recorder.Open("old");
        await run.AdvanceAsync(Second);
        await run.Recorder.SeenAsync("old:finished");
        await run.RaiseAsync(id, "Number", 7);
        run.Recorder.Open("new");

        Assert.Equal("new7", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task The_instance_keeps_its_version_and_gets_new_guids()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator<List<string>, List<string>>("main", (context, seen) =>
        {
            seen.Add($"{context.Version} {context.NewGuid()}");
            if (seen.Count < 3)
            {
                context.ContinueAsNew(seen);
            }
            return Task.FromResult(seen);
        }));

        var id = await run.StartAsync<List<string>>("main", [], new StartOrchestrationOptions { Version = "2.1" });

        var seen = await run.OutputAsync<List<string>>(id);
        Assert.All(seen!, entry => Assert.StartsWith("2.1 ", entry, StringComparison.Ordinal));
        Assert.Equal(3, seen!.Distinct().Count());
    }

    /// <summary>Consumes one event in the first execution, and in the second gives the next one or a timeout.</summary>
    private static Func<IOrchestrationContext, int, Task<EventOrTimeout<int>>> ContinuesOnce(bool preserve) => async (context, generation) =>
    {
        if (generation == 1)
        {
            await context.WaitForExternalEvent<int>("Number");
            await context.CallAsync(Steps.Hold, "gate");
            context.ContinueAsNew(2, preserve);
            return default;
        }
        var wait = context.WaitForExternalEventUntil<int>("Number", context.CurrentUtcDateTime + 2 * Second);
        await context.CallAsync(Steps.Record, "waiting again");
        return await wait;
    };

    /// <summary>The gate opens only after both events are recorded, so the second one belongs to the first execution.</summary>
    private static async Task RaiseTwoBeforeContinuingAsync(EngineRun run, string id)
    {
        await run.RaiseAsync(id, "Number", 1);
        await run.RaiseAsync(id, "Number", 2);
        await run.Recorder.SeenAsync("gate:started");
        run.Recorder.Open("gate");
    }
}
