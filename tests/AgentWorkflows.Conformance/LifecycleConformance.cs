using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

public abstract class LifecycleConformance : ConformanceTests
{
    [ConformanceFact]
    public async Task A_finished_instance_shows_name_status_input_and_output()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator<string, string>("main", (_, text) => Task.FromResult(text + "!")));
        var before = run.UtcNow;
        var id = await run.StartAsync("main", "hello");

        var metadata = await run.FinishedAsync(id);

        Assert.Equal((id, "main", OrchestrationStatus.Completed), (metadata.InstanceId, metadata.Name, metadata.Status));
        Assert.Equal(("hello", "hello!"), (metadata.ReadInputAs<string>(), metadata.ReadOutputAs<string>()));
        Assert.Null(metadata.Failure);
        Assert.True(metadata.LastUpdatedAt >= metadata.CreatedAt);
        // Storage may keep milliseconds only.
        Assert.True(metadata.CreatedAt > before - TimeSpan.FromMilliseconds(50), $"{metadata.CreatedAt:O} is before {before:O}.");
    }

    [ConformanceFact]
    public async Task Inputs_and_outputs_are_given_only_when_asked_for()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator<string, string>("main", (_, text) => Task.FromResult(text)));
        var id = await run.StartAsync("main", "hello");
        await run.FinishedAsync(id);

        var brief = await run.Client.GetInstanceAsync(id);
        var full = await run.Client.GetInstanceAsync(id, getInputsAndOutputs: true);

        Assert.Null(brief!.SerializedInput);
        Assert.Null(brief.SerializedOutput);
        Assert.Equal("hello", full!.ReadInputAs<string>());
        Assert.Equal("hello", full.ReadOutputAs<string>());
    }

    [ConformanceFact]
    public async Task A_failed_instance_shows_its_failure()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator<Unit, Unit>(
            "main", (_, _) => throw new DurableException("Main.Broken", "It broke.", isNonRetryable: true, new TimeoutException("slow"))));

        var failure = await run.FailureAsync(await run.StartAsync("main"));

        Assert.Equal(
            new FailureDetails("Main.Broken", "It broke.", true, new FailureDetails(typeof(TimeoutException).FullName!, "slow")), failure);
    }

    [ConformanceFact]
    public async Task An_unregistered_orchestrator_fails_its_instance_as_not_registered()
    {
        await using var run = await RunningAsync(_ => { });

        var failure = await run.FailureAsync(await run.StartAsync("no.such.orchestrator"));

        Assert.Equal(DurableErrorTypes.NotRegistered, failure.ErrorType);
        Assert.Contains("no.such.orchestrator", failure.Message, StringComparison.Ordinal);
    }

    [ConformanceFact]
    public async Task Instances_without_a_chosen_id_get_ids_of_their_own()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", context => Task.FromResult(context.InstanceId)));
        var name = new OrchestratorName<Unit, string>("main");

        var first = await run.Client.StartAsync(name, Unit.Value);
        var second = await run.Client.StartAsync(name, Unit.Value);

        Assert.NotEqual(first.InstanceId, second.InstanceId);
        Assert.Equal(first.InstanceId, await run.OutputAsync<string>(first.InstanceId));
    }

    [ConformanceFact]
    public async Task A_second_start_with_the_id_of_a_running_instance_is_refused_and_changes_nothing()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator<string, string>("main", async (context, text) =>
        {
            await context.CallAsync(Steps.Hold, "gate");
            return text;
        }));
        var id = await run.StartAsync("main", "first");
        await run.Recorder.SeenAsync("gate:started");
        await run.ReachesAsync(id, OrchestrationStatus.Running);

        var outcome = await run.Client.ScheduleNewOrchestrationInstanceAsync("main", "second", new StartOrchestrationOptions { InstanceId = id });

        Assert.Equal(new StartOutcome.DuplicateStart(id, OrchestrationStatus.Running), outcome);
        run.Recorder.Open("gate");
        Assert.Equal("first", await run.OutputAsync<string>(id));
        Assert.Equal(1, run.Recorder.Count("gate:started"));
    }

    [ConformanceFact]
    public async Task A_second_start_with_the_id_of_a_finished_instance_is_refused_until_it_is_purged()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator<string, string>("main", (_, text) => Task.FromResult(text)));
        var id = await run.StartAsync("main", "first");
        await run.FinishedAsync(id);
        var again = new StartOrchestrationOptions { InstanceId = id };

        Assert.Equal(
            new StartOutcome.DuplicateStart(id, OrchestrationStatus.Completed),
            await run.Client.ScheduleNewOrchestrationInstanceAsync("main", "second", again));
        Assert.Equal("first", await run.OutputAsync<string>(id));

        Assert.Equal(CommandOutcome.Accepted, await run.Client.PurgeInstanceAsync(id));
        Assert.Equal(id, await run.StartAsync("main", "third", again));
        Assert.Equal("third", await run.OutputAsync<string>(id));
    }

    [ConformanceFact]
    public async Task Of_many_starts_at_once_with_one_id_exactly_one_wins()
    {
        Requires(Capabilities.TellsStartsApart);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CallAsync(Steps.Record, "ran");
            return "done";
        }));
        var options = new StartOrchestrationOptions { InstanceId = run.NewId() };

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => run.Client.ScheduleNewOrchestrationInstanceAsync("main", Unit.Value, options)));

        Assert.Single(outcomes.OfType<StartOutcome.Started>());
        Assert.Equal("done", await run.OutputAsync<string>(options.InstanceId));
        Assert.Equal(1, run.Recorder.Count("ran"));
    }

    [ConformanceFact]
    public async Task A_start_in_the_future_waits_for_its_time()
    {
        Requires(Capabilities.ScheduledStart);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", context => Task.FromResult(context.CurrentUtcDateTime)));
        var at = run.UtcNow + 2 * Second;
        var id = await run.StartAsync("main", new StartOrchestrationOptions { StartAt = at });

        if (Capabilities.VirtualTime)
        {
            Assert.Equal(OrchestrationStatus.Pending, await run.StatusAsync(id));
        }
        await run.AdvanceAsync(2 * Second);

        Assert.True(await run.OutputAsync<DateTimeOffset>(id) >= at - Capabilities.Early);
    }

    [ConformanceFact]
    public async Task A_custom_status_is_shown_and_replaced()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            context.SetCustomStatus(new Progress("draft", 1));
            await context.CallAsync(Steps.Hold, "gate");
            context.SetCustomStatus(new Progress("overwritten", 2));
            context.SetCustomStatus(new Progress("final", 3));
            return "done";
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("gate:started");

        await EngineRun.EventuallyAsync(ReadAsync, status => status == new Progress("draft", 1));
        run.Recorder.Open("gate");
        await run.FinishedAsync(id);

        Assert.Equal(new Progress("final", 3), await ReadAsync());

        async Task<Progress?> ReadAsync() => (await run.Client.GetInstanceAsync(id))!.ReadCustomStatusAs<Progress>();
    }

    [ConformanceFact]
    public async Task The_version_of_the_start_is_stamped_on_the_instance()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", context => Task.FromResult(context.Version)));
        var id = await run.StartAsync("main", new StartOrchestrationOptions { Version = "2.1" });

        var metadata = await run.FinishedAsync(id);

        Assert.Equal(("2.1", "2.1"), (metadata.Version, metadata.ReadOutputAs<string>()));
    }

    [ConformanceFact]
    public async Task An_instance_runs_on_the_registration_of_its_version_or_else_on_the_one_without()
    {
        Requires(Capabilities.ChosenVersionRegistration);
        await using var run = await RunningAsync(registry => registry
            .Orchestrator("main", _ => Task.FromResult("any"))
            .Orchestrator("main", _ => Task.FromResult("one"), "1")
            .Orchestrator("main", _ => Task.FromResult("two"), "2"));

        Assert.Equal("one", await RunVersionAsync("1"));
        Assert.Equal("two", await RunVersionAsync("2"));
        Assert.Equal("any", await RunVersionAsync("3"));

        async Task<string?> RunVersionAsync(string version) =>
            await run.OutputAsync<string>(await run.StartAsync("main", new StartOrchestrationOptions { Version = version }));
    }

    [ConformanceFact]
    public async Task Everyone_who_waits_for_completion_is_told()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", context => context.WaitForExternalEvent<string>("End")));
        var id = await run.StartAsync("main");
        var waiting = Enumerable.Range(0, 10).Select(_ => run.OutputAsync<string>(id)).ToArray();

        await run.RaiseAsync(id, "End", "done");

        Assert.All(await Task.WhenAll(waiting), output => Assert.Equal("done", output));
    }

    [ConformanceFact]
    public async Task A_wait_for_completion_can_be_cancelled()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", context => context.WaitForExternalEvent<string>("End")));
        var id = await run.StartAsync("main");
        using var cancel = new CancellationTokenSource();
        var waiting = run.Client.WaitForInstanceCompletionAsync(id, cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    public sealed record Progress(string Step, int Number);
}
