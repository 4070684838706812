using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

public abstract class SubOrchestrationsConformance : ConformanceTests
{
    [ConformanceFact]
    public async Task A_sub_orchestrations_result_reaches_its_parent()
    {
        await using var run = await RunningAsync(registry => registry
            .Activity<int, int>("double", number => number * 2)
            .Orchestrator<int, int>("child", async (context, number) => await context.CallActivityAsync<int>("double", number))
            .Orchestrator<int, int>("main", async (context, number) => 1 + await context.CallSubOrchestratorAsync<int>("child", number)));

        Assert.Equal(15, await run.RunAsync<int, int>("main", 7));
    }

    [ConformanceFact]
    public async Task A_sub_orchestration_knows_its_parent_and_has_the_chosen_id()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("child", context => Task.FromResult(new Family(context.InstanceId, context.ParentInstanceId, context.Name)))
            .Orchestrator<string, Family[]>("main", async (context, childId) =>
            [
                await context.CallSubOrchestratorAsync<Family>("child", Unit.Value, new SubOrchestrationOptions { InstanceId = childId }),
                new Family(context.InstanceId, context.ParentInstanceId, context.Name),
            ]));
        var childId = run.NewId();

        var id = await run.StartAsync("main", childId);

        Assert.Equal([new Family(childId, id, "child"), new Family(id, null, "main")], (await run.OutputAsync<Family[]>(id))!);
        Assert.Equal(OrchestrationStatus.Completed, await run.StatusAsync(childId));
    }

    [ConformanceFact]
    public async Task Sub_orchestrations_without_a_chosen_id_get_ids_of_their_own()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("child", context => Task.FromResult(context.InstanceId))
            .Orchestrator("main", context => Task.WhenAll(
                Enumerable.Range(0, 10).Select(_ => context.CallSubOrchestratorAsync<string>("child", Unit.Value)))));

        var ids = await run.RunAsync<string[]>("main");

        Assert.Equal(10, ids!.Distinct().Count());
        Assert.All(await Task.WhenAll(ids!.Select(run.StatusAsync)), status => Assert.Equal(OrchestrationStatus.Completed, status));
    }

    [ConformanceFact]
    public async Task A_sub_orchestrations_failure_reaches_its_parent()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator<Unit, Unit>("child", (_, _) => throw new DurableException("Child.Broken", "It broke.", isNonRetryable: true))
            .Orchestrator("main", async context =>
            {
                var failed = await FailureOf(context.CallSubOrchestratorAsync<Unit>("child", Unit.Value));
                return new ActivitiesConformance.NamedFailure(failed.TaskName, failed.Failure);
            }));

        Assert.Equal(
            new ActivitiesConformance.NamedFailure("child", new FailureDetails("Child.Broken", "It broke.", true)),
            await run.RunAsync<ActivitiesConformance.NamedFailure>("main"));
    }

    [ConformanceFact]
    public async Task A_failure_keeps_its_cause_through_three_levels()
    {
        await using var run = await RunningAsync(registry => registry
            .Activity<Unit, Unit>("charge", _ => throw new DurableException("Card.Declined", "The card was declined.", isNonRetryable: true))
            .Orchestrator("grandchild", async context => await context.CallActivityAsync<Unit>("charge", Unit.Value))
            .Orchestrator("child", async context => await context.CallSubOrchestratorAsync<Unit>("grandchild", Unit.Value))
            .Orchestrator("main", async context => await context.CallSubOrchestratorAsync<Unit>("child", Unit.Value)));

        var failure = await run.FailureAsync(await run.StartAsync("main"));

        Assert.True(failure.IsCausedBy("Card.Declined"), failure.ToString());
    }

    [ConformanceFact]
    public async Task An_unregistered_sub_orchestration_fails_as_not_registered()
    {
        Requires(Capabilities.TellsUnregisteredCalls);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
            (await FailureOf(context.CallSubOrchestratorAsync<Unit>("no.such.orchestrator", Unit.Value))).Failure));

        var failure = await run.RunAsync<FailureDetails>("main");

        Assert.Equal(DurableErrorTypes.NotRegistered, failure!.ErrorType);
        Assert.Contains("no.such.orchestrator", failure.Message, StringComparison.Ordinal);
    }

    [ConformanceFact]
    public async Task A_chosen_id_that_exists_already_fails_the_call_and_leaves_the_other_alone()
    {
        Requires(Capabilities.RefusesTakenChildIds);
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("other", context => context.WaitForExternalEvent<string>("End"))
            .Orchestrator("child", context => Task.FromResult(context.InstanceId))
            .Orchestrator<string, string>("main", async (context, childId) => (await FailureOf(context.CallSubOrchestratorAsync<string>(
                "child", Unit.Value, new SubOrchestrationOptions { InstanceId = childId }))).Failure.ErrorType));
        var other = await run.StartAsync("other");

        Assert.Equal(DurableErrorTypes.DuplicateInstance, await run.RunAsync<string, string>("main", other));

        await run.RaiseAsync(other, "End", "untouched");
        Assert.Equal("untouched", await run.OutputAsync<string>(other));
    }

    [ConformanceFact]
    public async Task A_sub_orchestration_that_is_terminated_fails_the_call()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("child", WaitsForever)
            .Orchestrator<string, string>("main", async (context, childId) => (await FailureOf(context.CallSubOrchestratorAsync<string>(
                "child", Unit.Value, new SubOrchestrationOptions { InstanceId = childId }))).Failure.ErrorType));
        var childId = run.NewId();
        var id = await run.StartAsync("main", childId);
        await run.Recorder.SeenAsync("waiting");
        // An engine may run an instance's first turn before it shows the instance.
        await EngineRun.EventuallyAsync(() => run.Client.GetInstanceAsync(childId), child => child is not null);

        await run.TerminateAsync(childId);

        Assert.Equal(DurableErrorTypes.Terminated, await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task Terminating_a_parent_terminates_its_children_and_theirs()
    {
        Requires(Capabilities.CommandsReachChildren);
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("leaf", WaitsForever)
            .Orchestrator<string, string>("middle", (context, id) => context.CallSubOrchestratorAsync<string>(
                "leaf", Unit.Value, new SubOrchestrationOptions { InstanceId = $"{id}-leaf" }))
            .Orchestrator<string, string>("main", (context, id) => context.CallSubOrchestratorAsync<string>(
                "middle", id, new SubOrchestrationOptions { InstanceId = $"{id}-middle" })));
        var id = run.NewId();
        await run.StartAsync("main", id, new StartOrchestrationOptions { InstanceId = id });
        await run.Recorder.SeenAsync("waiting");

        await run.TerminateAsync(id);

        foreach (var instance in new[] { id, $"{id}-middle", $"{id}-leaf" })
        {
            Assert.Equal(OrchestrationStatus.Terminated, (await run.FinishedAsync(instance)).Status);
        }
    }

    [ConformanceFact]
    public async Task A_sub_orchestration_that_continues_as_new_gives_its_last_result_to_its_parent()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator<int, int>("child", async (context, left) =>
            {
                await context.CallAsync(Steps.Record, "generation");
                if (left > 0)
                {
                    context.ContinueAsNew(left - 1);
                }
                return left;
            })
            .Orchestrator("main", context => context.CallSubOrchestratorAsync<int>("child", 3)));

        Assert.Equal(0, await run.RunAsync<int>("main"));
        Assert.Equal(4, run.Recorder.Count("generation"));
    }

    [ConformanceFact]
    public async Task A_sub_orchestration_has_the_version_its_parent_chose()
    {
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("child", context => Task.FromResult(context.Version))
            .Orchestrator("main", context => context.CallSubOrchestratorAsync<string>("child", Unit.Value, new SubOrchestrationOptions { Version = "2.1" })));

        Assert.Equal("2.1", await run.RunAsync<string>("main"));
    }

    [ConformanceFact]
    public async Task Purging_a_parent_purges_its_finished_children()
    {
        Requires(Capabilities.CommandsReachChildren);
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("child", context => Task.FromResult(context.InstanceId))
            .Orchestrator("main", context => context.CallSubOrchestratorAsync<string>("child", Unit.Value)));
        var id = await run.StartAsync("main");
        var childId = await run.OutputAsync<string>(id);

        Assert.Equal(CommandOutcome.Accepted, await run.Client.PurgeInstanceAsync(id));

        Assert.Null(await run.Client.GetInstanceAsync(id));
        Assert.Null(await run.Client.GetInstanceAsync(childId!));
    }

    private static async Task<string> WaitsForever(IOrchestrationContext context)
    {
        var never = context.WaitForExternalEvent<string>("Never");
        await context.CallAsync(Steps.Record, "waiting");
        return await never;
    }

    public sealed record Family(string Id, string? ParentId, string Name);
}
