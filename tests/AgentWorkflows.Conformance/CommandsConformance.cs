using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

/// <summary>Suspend, resume, terminate and purge, and what every command answers for instances that are unknown or finished.</summary>
public abstract class CommandsConformance : ConformanceTests
{
    [ConformanceFact]
    public async Task Commands_on_an_unknown_instance_find_nothing()
    {
        await using var run = await RunningAsync(_ => { });
        var id = run.NewId();

        Assert.Equal(CommandOutcome.NotFound, await run.Client.RaiseEventAsync(id, "Number", 1));
        Assert.Equal(CommandOutcome.NotFound, await run.Client.SuspendInstanceAsync(id));
        Assert.Equal(CommandOutcome.NotFound, await run.Client.ResumeInstanceAsync(id));
        Assert.Equal(CommandOutcome.NotFound, await run.Client.TerminateInstanceAsync(id));
        Assert.Equal(CommandOutcome.NotFound, await run.Client.PurgeInstanceAsync(id));
        Assert.Null(await run.Client.GetInstanceAsync(id));
        Assert.Null(await run.Client.GetHistoryAsync(id));
        Assert.Null(await run.Client.WaitForInstanceCompletionAsync(id));
    }

    [ConformanceFact]
    public async Task Commands_on_a_finished_instance_change_nothing()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", _ => Task.FromResult("done")));
        var id = await run.StartAsync("main");
        await run.FinishedAsync(id);

        Assert.Equal(CommandOutcome.AlreadyFinished, await run.Client.RaiseEventAsync(id, "Number", 1));
        Assert.Equal(CommandOutcome.AlreadyFinished, await run.Client.SuspendInstanceAsync(id));
        Assert.Equal(CommandOutcome.AlreadyFinished, await run.Client.ResumeInstanceAsync(id));
        Assert.Equal(CommandOutcome.AlreadyFinished, await run.Client.TerminateInstanceAsync(id));
        Assert.Equal("done", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task A_suspended_instance_keeps_results_timers_and_events_until_it_is_resumed()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var timer = context.CreateTimer(Second);
            var result = await context.CallAsync(Steps.Hold, "gate");
            var number = await context.WaitForExternalEvent<int>("Number");
            await timer;
            await context.CallAsync(Steps.Record, "after");
            return result + number;
        }).Orchestrator("other", Notes));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("gate:started");
        await run.SuspendAsync(id);

        run.Recorder.Open("gate");
        await run.Recorder.SeenAsync("gate:finished");
        await run.RaiseAsync(id, "Number", 7);
        await run.AdvanceAsync(Second);
        // Work that begins and ends meanwhile shows that the engine is not just slow.
        await run.RunAsync<string>("other");
        Assert.Equal(OrchestrationStatus.Suspended, await run.StatusAsync(id));
        Assert.Equal(0, run.Recorder.Count("after"));
        await run.ResumeAsync(id);

        Assert.Equal("gate7", await run.OutputAsync<string>(id));
        Assert.Equal(1, run.Recorder.Count("gate:started"));
    }

    [ConformanceFact]
    public async Task An_instance_suspended_twice_is_resumed_once()
    {
        await using var run = await WaitingAsync();
        var id = await StartWaitingAsync(run);

        await run.SuspendAsync(id);
        await run.SuspendAsync(id);
        await run.ResumeAsync(id);
        await run.RaiseAsync(id, "End", "done");

        Assert.Equal("done", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task Resuming_an_instance_that_is_not_suspended_does_no_harm()
    {
        await using var run = await WaitingAsync();
        var id = await StartWaitingAsync(run);

        await run.ResumeAsync(id);
        await run.RaiseAsync(id, "End", "done");

        Assert.Equal("done", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task A_suspended_instance_stays_suspended_across_a_restart()
    {
        Requires(Capabilities.Restart);
        await using var run = await WaitingAsync();
        var id = await StartWaitingAsync(run);
        await run.SuspendAsync(id);
        await run.RaiseAsync(id, "End", "done");

        await run.RestartAsync();
        Assert.Equal("noted", await run.RunAsync<string>("other"));
        Assert.Equal(OrchestrationStatus.Suspended, await run.StatusAsync(id));
        await run.ResumeAsync(id);

        Assert.Equal("done", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task A_terminated_instance_runs_no_more_code_and_drops_the_results_of_running_activities()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CallAsync(Steps.Hold, "gate");
            await context.CallAsync(Steps.Record, "after");
            return "done";
        }).Orchestrator("other", Notes));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("gate:started");

        await run.TerminateAsync(id);
        Assert.Equal(OrchestrationStatus.Terminated, (await run.FinishedAsync(id)).Status);
        run.Recorder.Open("gate");
        await run.Recorder.SeenAsync("gate:finished");
        await run.RunAsync<string>("other");

        Assert.Equal(0, run.Recorder.Count("after"));
        Assert.Equal(OrchestrationStatus.Terminated, await run.StatusAsync(id));
    }

    [ConformanceFact]
    public async Task A_suspended_instance_can_be_terminated()
    {
        await using var run = await WaitingAsync();
        var id = await StartWaitingAsync(run);
        await run.SuspendAsync(id);

        await run.TerminateAsync(id);

        Assert.Equal(OrchestrationStatus.Terminated, (await run.FinishedAsync(id)).Status);
    }

    [ConformanceFact]
    public async Task An_instance_that_has_not_begun_can_be_terminated()
    {
        Requires(Capabilities.TerminatesBeforeTheStart);
        await using var run = await WaitingAsync();
        var id = await run.StartAsync("main", new StartOrchestrationOptions { StartAt = run.UtcNow + Day });

        await run.TerminateAsync(id);

        Assert.Equal(OrchestrationStatus.Terminated, (await run.FinishedAsync(id)).Status);
        Assert.Empty(run.Recorder.Notes);
    }

    [ConformanceFact]
    public async Task A_running_instance_is_not_purged()
    {
        await using var run = await WaitingAsync();
        var id = await StartWaitingAsync(run);

        Assert.Equal(CommandOutcome.StillRunning, await run.Client.PurgeInstanceAsync(id));

        await run.RaiseAsync(id, "End", "done");
        Assert.Equal("done", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task A_purged_instance_is_gone_with_its_history()
    {
        await using var run = await WaitingAsync();
        var id = await StartWaitingAsync(run);
        await run.TerminateAsync(id);
        await run.FinishedAsync(id);

        Assert.Equal(CommandOutcome.Accepted, await run.Client.PurgeInstanceAsync(id));

        Assert.Null(await run.Client.GetInstanceAsync(id));
        Assert.Null(await run.Client.GetHistoryAsync(id));
        Assert.Equal(CommandOutcome.NotFound, await run.Client.PurgeInstanceAsync(id));
    }

    private Task<EngineRun> WaitingAsync() => RunningAsync(registry => registry.Orchestrator("main", async context =>
    {
        var end = context.WaitForExternalEvent<string>("End");
        await context.CallAsync(Steps.Record, "waiting");
        return await end;
    }).Orchestrator("other", Notes));

    private static async Task<string> StartWaitingAsync(EngineRun run)
    {
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");
        return id;
    }

    private static async Task<string> Notes(IOrchestrationContext context)
    {
        await context.CallAsync(Steps.Record, "other");
        return "noted";
    }
}
