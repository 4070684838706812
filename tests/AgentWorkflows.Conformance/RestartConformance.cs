using System.Collections.Concurrent;
using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

/// <summary>A restart at each kind of wait: the instance goes on, and what is recorded is not run again.</summary>
public abstract class RestartConformance : ConformanceTests
{
    [ConformanceFact]
    public async Task An_activity_that_was_running_runs_again()
    {
        await using var run = await RestartableAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CallAsync(Steps.Record, "before");
            var result = await context.CallAsync(Steps.Hold, "gate");
            await context.CallAsync(Steps.Record, "after");
            return result;
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("gate:started");

        await run.RestartAsync();
        await run.Recorder.SeenAsync("gate:started", 2);
        run.Recorder.Open("gate");

        Assert.Equal("gate", await run.OutputAsync<string>(id));
        Assert.Equal(["before", "gate:started", "gate:started", "gate:finished", "after"], run.Recorder.Notes);
    }

    [ConformanceFact]
    public async Task Of_a_fan_out_only_the_unfinished_activities_run_again()
    {
        await using var run = await RestartableAsync(registry => registry.Orchestrator("main", async context =>
        {
            var held = Enumerable.Range(0, 3).Select(n => context.CallAsync(Steps.Hold, $"gate {n}")).ToArray();
            await Task.WhenAll(Enumerable.Range(0, 5).Select(n => context.CallAsync(Steps.Record, $"quick {n}")));
            await context.CallAsync(Steps.Record, "quick ones recorded");
            return await Task.WhenAll(held);
        }));
        var id = await run.StartAsync("main");
        foreach (var gate in Gates)
        {
            await run.Recorder.SeenAsync($"{gate}:started");
        }
        await run.Recorder.SeenAsync("quick ones recorded");

        await run.RestartAsync();
        foreach (var gate in Gates)
        {
            await run.Recorder.SeenAsync($"{gate}:started", 2);
            run.Recorder.Open(gate);
        }

        Assert.Equal(Gates, (await run.OutputAsync<string[]>(id))!);
        Assert.All(Enumerable.Range(0, 5), n => Assert.Equal(1, run.Recorder.Count($"quick {n}")));
    }

    [ConformanceFact]
    public async Task A_sequence_survives_a_restart_at_every_step()
    {
        await using var run = await RestartableAsync(registry => registry.Orchestrator("main", async context =>
        {
            var sum = 0;
            for (var i = 0; i < 5; i++)
            {
                var number = context.WaitForExternalEvent<int>("Number");
                await context.CallAsync(Steps.Record, $"step {i}");
                sum += await number;
            }
            return sum;
        }));
        var id = await run.StartAsync("main");

        for (var i = 0; i < 5; i++)
        {
            await run.Recorder.SeenAsync($"step {i}");
            await run.RestartAsync();
            await run.RaiseAsync(id, "Number", i);
        }

        Assert.Equal(10, await run.OutputAsync<int>(id));
        // The step under way at a restart may run again, since its result may not be recorded yet; one restart each.
        Assert.All(Enumerable.Range(0, 5), i => Assert.InRange(run.Recorder.Count($"step {i}"), 1, 2));
    }

    [ConformanceFact]
    public async Task A_parent_and_its_child_go_on()
    {
        await using var run = await RestartableAsync(registry => registry
            .Orchestrator<string, string>("child", async (context, text) => text + await context.WaitForExternalEvent<string>("End"))
            .Orchestrator<string, string>("main", async (context, childId) =>
            {
                var child = context.CallSubOrchestratorAsync<string>("child", "child ", new SubOrchestrationOptions { InstanceId = childId });
                await context.CallAsync(Steps.Record, "child started");
                return "parent of " + await child;
            }));
        var childId = run.NewId();
        var id = await run.StartAsync("main", childId);
        await run.Recorder.SeenAsync("child started");
        await EngineRun.EventuallyAsync(() => run.Client.GetInstanceAsync(childId), child => child is not null);

        await run.RestartAsync();
        await run.RaiseAsync(childId, "End", "done");

        Assert.Equal("parent of child done", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task A_deadline_and_its_event_go_on()
    {
        // Where an accepted event is recorded later, there is time for that on a slow machine too.
        var time = Capabilities.RecordsWhatItAccepts ? 2 * Second : 20 * Second;
        await using var run = await RestartableAsync(registry => registry.Orchestrator("main", async context =>
        {
            var wait = context.WaitForExternalEventUntil<int>("Number", context.CurrentUtcDateTime + time);
            await context.CallAsync(Steps.Record, "waiting");
            return await wait;
        }));
        var answered = await run.StartAsync("main");
        var unanswered = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting", 2);
        await run.RaiseAsync(answered, "Number", 7);
        if (!Capabilities.RecordsWhatItAccepts)
        {
            await run.RecordedAsync(answered, "Number", 1);
        }

        await run.RestartAsync(downtime: time + Second);

        Assert.Equal(new EventOrTimeout<int>(false, 7), await run.OutputAsync<EventOrTimeout<int>>(answered));
        Assert.True((await run.OutputAsync<EventOrTimeout<int>>(unanswered)).TimedOut);
    }

    [ConformanceFact]
    public async Task A_start_in_the_future_goes_on()
    {
        await using var run = await RestartableAsync(registry => registry.Orchestrator("main", context => Task.FromResult(context.CurrentUtcDateTime)));
        var at = run.UtcNow + 2 * Second;
        var id = await run.StartAsync("main", new StartOrchestrationOptions { StartAt = at });

        await run.RestartAsync(downtime: 3 * Second);

        Assert.True(await run.OutputAsync<DateTimeOffset>(id) >= at - Capabilities.Early);
    }

    [ConformanceFact]
    public async Task Finished_instances_stay_finished_and_run_no_code()
    {
        var passes = new ConcurrentQueue<string>();
        await using var run = await RestartableAsync(registry => registry.Orchestrator("main", async context =>
        {
            passes.Enqueue(context.InstanceId);
            await context.CallAsync(Steps.Record, "ran");
            return "done";
        }));
        var id = await run.StartAsync("main");
        await run.OutputAsync<string>(id);
        var before = passes.Count;

        await run.RestartAsync();
        var other = await run.StartAsync("main");
        await run.OutputAsync<string>(other);

        Assert.Equal("done", await run.OutputAsync<string>(id));
        Assert.Equal(before, passes.Count(pass => pass == id));
        Assert.Equal(2, run.Recorder.Count("ran"));
    }

    [ConformanceFact]
    public async Task A_terminated_instance_stays_terminated()
    {
        await using var run = await RestartableAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CallAsync(Steps.Hold, "gate");
            await context.CallAsync(Steps.Record, "after");
            return "done";
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("gate:started");
        await run.TerminateAsync(id);
        if (!Capabilities.RecordsWhatItAccepts)
        {
            await run.FinishedAsync(id);
        }

        await run.RestartAsync();
        run.Recorder.Open("gate");

        Assert.Equal(OrchestrationStatus.Terminated, (await run.FinishedAsync(id)).Status);
        Assert.Equal(0, run.Recorder.Count("after"));
    }

    [ConformanceFact]
    public async Task Custom_status_version_and_taken_id_are_still_known()
    {
        await using var run = await RestartableAsync(registry => registry.Orchestrator("main", async context =>
        {
            context.SetCustomStatus("waiting");
            await context.CallAsync(Steps.Hold, "gate");
            return context.Version;
        }));
        var id = await run.StartAsync("main", new StartOrchestrationOptions { Version = "2.1" });
        await run.Recorder.SeenAsync("gate:started");

        await run.RestartAsync();

        Assert.Equal("waiting", (await run.Client.GetInstanceAsync(id))!.ReadCustomStatusAs<string>());
        var again = await run.Client.ScheduleNewOrchestrationInstanceAsync("main", Unit.Value, new StartOrchestrationOptions { InstanceId = id });
        Assert.IsType<StartOutcome.DuplicateStart>(again);
        run.Recorder.Open("gate");
        Assert.Equal("2.1", await run.OutputAsync<string>(id));
    }

    private static readonly string[] Gates = ["gate 0", "gate 1", "gate 2"];

    private Task<EngineRun> RestartableAsync(Action<DurableRegistry> register)
    {
        Requires(Capabilities.Restart);
        return RunningAsync(register);
    }
}
