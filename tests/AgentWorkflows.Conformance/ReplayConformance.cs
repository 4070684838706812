using System.Collections.Concurrent;
using AgentWorkflows.Durability;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentWorkflows.Conformance;

/// <summary>What an orchestrator sees when its code runs again. Its lambdas tell the test what they saw, and never decide by it.</summary>
public abstract class ReplayConformance : ConformanceTests
{
    [ConformanceFact]
    public async Task The_time_is_the_same_on_replay_and_moves_with_what_is_awaited()
    {
        Requires(Capabilities.Restart);
        var seen = new ConcurrentQueue<(string Where, DateTimeOffset Time)>();
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            seen.Enqueue(("start", context.CurrentUtcDateTime));
            await context.CallAsync(Steps.Hold, "gate");
            seen.Enqueue(("after", context.CurrentUtcDateTime));
            var end = context.WaitForExternalEvent<string>("End");
            await context.CallAsync(Steps.Record, "waiting");
            await end;
            return context.CurrentUtcDateTime;
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("gate:started");
        await run.AdvanceAsync(Second);
        run.Recorder.Open("gate");
        await run.Recorder.SeenAsync("waiting");

        await run.RestartAsync(downtime: Second);
        await run.RaiseAsync(id, "End", "done");
        var end = await run.OutputAsync<DateTimeOffset>(id);

        var start = Assert.Single(seen.Where(s => s.Where == "start").Select(s => s.Time).Distinct());
        var after = Assert.Single(seen.Where(s => s.Where == "after").Select(s => s.Time).Distinct());
        Assert.True(seen.Count >= 4, "The orchestrator did not run again after the restart.");
        Assert.True(start + Second <= after && after + Second <= end, $"{start:O} {after:O} {end:O}");
    }

    [ConformanceFact]
    public async Task The_time_stands_still_within_a_turn()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", context =>
        {
            var first = context.CurrentUtcDateTime;
            for (var i = 0; i < 10_000; i++)
            {
                context.NewGuid();
            }
            return Task.FromResult(context.CurrentUtcDateTime == first && first.Offset == TimeSpan.Zero);
        }));

        Assert.True(await run.RunAsync<bool>("main"));
    }

    [ConformanceFact]
    public async Task New_guids_are_unique_and_the_same_on_replay()
    {
        Requires(Capabilities.Restart);
        var passes = new ConcurrentQueue<string>();
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var before = new[] { context.NewGuid(), context.NewGuid() };
            passes.Enqueue(string.Join(' ', before));
            await WaitForEndAsync(context);
            return before.Append(context.NewGuid()).ToArray();
        }));
        var ids = new[] { await run.StartAsync("main"), await run.StartAsync("main") };
        await run.Recorder.SeenAsync("waiting", 2);

        await run.RestartAsync();
        var all = new List<Guid>();
        foreach (var id in ids)
        {
            await run.RaiseAsync(id, "End", "done");
            all.AddRange((await run.OutputAsync<Guid[]>(id))!);
        }

        Assert.Equal(6, all.Distinct().Count());
        Assert.DoesNotContain(Guid.Empty, all);
        Assert.True(passes.Count >= 4, "The orchestrators did not run again after the restart.");
        Assert.Equal(2, passes.Distinct().Count());
    }

    [ConformanceFact]
    public async Task An_orchestrator_knows_whether_it_is_replaying()
    {
        Requires(Capabilities.Restart);
        var seen = new ConcurrentQueue<bool>();
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            seen.Enqueue(context.IsReplaying);
            await WaitForEndAsync(context);
            return context.IsReplaying;
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");
        Assert.False(seen.First());

        await run.RestartAsync();
        await run.RaiseAsync(id, "End", "done");

        Assert.False(await run.OutputAsync<bool>(id));
        Assert.True(seen.Last());
    }

    [ConformanceFact]
    public async Task A_replay_safe_logger_writes_each_message_once()
    {
        Requires(Capabilities.Restart);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            var logger = context.CreateReplaySafeLogger("Conformance");
            Write(logger, "replay-safe: begin");
            await WaitForEndAsync(context);
            Write(logger, "replay-safe: end");
            return "done";
        }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");

        await run.RestartAsync();
        await run.RaiseAsync(id, "End", "done");
        await run.OutputAsync<string>(id);

        Assert.Equal((1, 1), (run.Logs.Count("replay-safe: begin"), run.Logs.Count("replay-safe: end")));
    }

    [ConformanceFact]
    public Task Code_that_calls_another_activity_fails_the_instance_with_its_history_kept() => DivergesAsync(
        context => context.CallAsync(Steps.Record, "changed"),
        context => context.CallActivityAsync<Unit>("something.else", Unit.Value),
        Steps.Record.Value, "something.else");

    [ConformanceFact]
    public Task Code_that_creates_a_timer_instead_of_an_activity_fails_the_instance_with_its_history_kept() => DivergesAsync(
        context => context.CallAsync(Steps.Record, "changed"),
        context => context.CreateTimer(context.CurrentUtcDateTime),
        Steps.Record.Value);

    [ConformanceFact]
    public Task Code_that_no_longer_calls_an_activity_fails_the_instance_with_its_history_kept() => DivergesAsync(
        context => context.CallActivityAsync<Unit>("something.else", Unit.Value),
        _ => Task.CompletedTask,
        "something.else");

    [ConformanceFact]
    public Task Code_that_calls_an_activity_first_that_it_did_not_call_fails_the_instance_with_its_history_kept() => DivergesAsync(
        _ => Task.CompletedTask,
        context => context.CallActivityAsync<Unit>("something.else", Unit.Value),
        "something.else");

    /// <summary>Runs the first code up to a wait, restarts with the second, and expects the message to name the given steps.</summary>
    private async Task DivergesAsync(Func<IOrchestrationContext, Task> before, Func<IOrchestrationContext, Task> after, params string[] named)
    {
        Requires(Capabilities.Restart);
        Requires(Capabilities.DivergenceDetection);
        var deployed = before;
        await using var run = await RunningAsync(registry => registry
            .Activity<Unit, Unit>("something.else", _ => Unit.Value)
            .Orchestrator("main", async context =>
            {
                await deployed(context);
                await WaitForEndAsync(context);
                return "done";
            }));
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("waiting");
        var recorded = await run.Client.GetHistoryAsync(id);

        deployed = after;
        await run.RestartAsync();
        await run.RaiseAsync(id, "End", "done");
        var failure = await run.FailureAsync(id);

        Assert.Equal(DurableErrorTypes.Divergence, failure.ErrorType);
        Assert.All(named, name => Assert.Contains(name, failure.Message, StringComparison.Ordinal));
        var kept = await run.Client.GetHistoryAsync(id);
        Assert.Equal(recorded!, kept!.Take(recorded!.Count));
    }

    private static async Task WaitForEndAsync(IOrchestrationContext context)
    {
        var end = context.WaitForExternalEvent<string>("End");
        await context.CallAsync(Steps.Record, "waiting");
        await end;
    }

#pragma warning disable CA1848, CA2254 // A test's message is its own template.
    private static void Write(ILogger logger, string message) => logger.LogInformation(message);
#pragma warning restore CA1848, CA2254
}
