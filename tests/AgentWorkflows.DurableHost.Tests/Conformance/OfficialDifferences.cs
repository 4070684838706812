using AgentWorkflows.Conformance;
using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.DurableHost.Tests.Conformance;

/// <summary>What the official engine does where it does not do what the suite asks (docs/azure.md, "The adapter").</summary>
public sealed class OfficialDifferences : ConformanceTests
{
    private static readonly ActivityName<string, Unit> Record = AgentWorkflows.Conformance.Steps.Record;
    private static readonly ActivityName<string, string> Hold = AgentWorkflows.Conformance.Steps.Hold;

    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);

    [ConformanceFact]
    public async Task An_instance_ends_only_when_the_activities_that_it_has_called_have_ended()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("main", async context =>
                await await Task.WhenAny(context.CallAsync(Hold, "slow"), context.CallAsync(Hold, "fast")))
            .Orchestrator("other", Notes));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("slow:started");
        run.Recorder.Open("fast");
        await run.Recorder.SeenAsync("fast:finished");
        await run.RunAsync<string>("other");
        Assert.Equal(OrchestrationStatus.Running, await run.StatusAsync(id));

        run.Recorder.Open("slow");

        Assert.Equal("fast", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task A_generation_begins_only_when_the_activities_of_the_last_one_have_ended()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator<int, string>("main", async (context, generation) =>
            {
                if (generation == 1)
                {
                    _ = context.CallAsync(Hold, "old");
                    await context.CallAsync(Hold, "leave");
                    context.ContinueAsNew(2);
                    return "";
                }
                await context.CallAsync(Record, "next");
                return "done";
            })
            .Orchestrator("other", Notes));
        var id = await run.StartAsync("main", 1);
        await run.Recorder.SeenAsync("old:started");
        run.Recorder.Open("leave");
        await run.Recorder.SeenAsync("leave:finished");
        await run.RunAsync<string>("other");
        Assert.Equal(0, run.Recorder.Count("next"));

        run.Recorder.Open("old");

        Assert.Equal("done", await run.OutputAsync<string>(id));
        Assert.Equal(1, run.Recorder.Count("next"));
    }

    [ConformanceFact]
    public async Task An_instance_that_waits_for_its_start_is_terminated_when_that_has_come()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", Notes));
        var id = await run.StartAsync("main", new StartOrchestrationOptions { StartAt = run.UtcNow + 5 * Second });

        await run.TerminateAsync(id);

        Assert.Equal(OrchestrationStatus.Terminated, (await run.FinishedAsync(id)).Status);
    }

    [ConformanceFact]
    public async Task A_sub_orchestration_with_the_id_of_another_instance_takes_its_place()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("other", context => context.WaitForExternalEvent<string>("End"))
            .Orchestrator("child", context => Task.FromResult(context.InstanceId))
            .Orchestrator<string, string>("main", async (context, childId) => await context.CallSubOrchestratorAsync<string>(
                "child", Unit.Value, new SubOrchestrationOptions { InstanceId = childId })));
        var other = await run.StartAsync("other");
        await run.ReachesAsync(other, OrchestrationStatus.Running);

        Assert.Equal(other, await run.RunAsync<string, string>("main", other));
        Assert.Equal(other, await run.OutputAsync<string>(other));
    }

    [ConformanceFact]
    public async Task Of_many_starts_at_once_with_one_id_all_are_accepted_and_one_runs()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CallAsync(Record, "ran");
            return "done";
        }).Orchestrator("other", Notes));
        var options = new StartOrchestrationOptions { InstanceId = run.NewId() };

        await Task.WhenAll(Enumerable.Range(0, 20).Select(
            _ => run.Client.ScheduleNewOrchestrationInstanceAsync("main", Unit.Value, options)));

        Assert.Equal("done", await run.OutputAsync<string>(options.InstanceId));
        await run.RunAsync<string>("other");
        Assert.Equal(1, run.Recorder.Count("ran"));
    }

    [ConformanceFact]
    public async Task A_call_of_what_nobody_has_registered_fails_without_saying_why()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("activity", async context =>
                (await FailureOf(context.CallActivityAsync<Unit>("no.such.activity", Unit.Value))).Failure.ErrorType)
            .Orchestrator("child", async context =>
                (await FailureOf(context.CallSubOrchestratorAsync<Unit>("no.such.orchestrator", Unit.Value))).Failure.ErrorType));

        Assert.Equal("(unknown)", await run.RunAsync<string>("activity"));
        Assert.Equal(DurableErrorTypes.Terminated, await run.RunAsync<string>("child"));
    }

    [ConformanceFact]
    public async Task Timers_that_became_due_while_nothing_ran_all_fire()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var start = context.CurrentUtcDateTime;
            var all = Task.WhenAll(new[] { 3, 1, 2 }.Select(seconds => context.CreateTimer(start + seconds * Second)).ToArray());
            await context.CallAsync(Record, "armed");
            await all;
            return "fired";
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("armed");

        await run.RestartAsync(downtime: 4 * Second);

        Assert.Equal("fired", await run.OutputAsync<string>(id));
    }

    private static async Task<string> Notes(IOrchestrationContext context)
    {
        await context.CallAsync(Record, "noted");
        return "noted";
    }
}
