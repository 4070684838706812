using System.Collections.Concurrent;
using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

public abstract class RetriesConformance : ConformanceTests
{
    private static RetryPolicy Attempts(int count) => new() { MaxNumberOfAttempts = count, FirstRetryInterval = Second };

    [ConformanceFact]
    public async Task Without_a_policy_a_failing_activity_runs_once()
    {
        await using var run = await FlakyAsync(succeedAt: 2, policy: null);

        var failure = await run.FailureAsync(await run.StartAsync("main"));

        Assert.True(failure.IsCausedBy("Flaky"), failure.ToString());
        Assert.Equal(["attempt 1"], run.Recorder.Notes);
    }

    [ConformanceFact]
    public async Task A_failing_activity_runs_again_until_it_succeeds()
    {
        await using var run = await FlakyAsync(succeedAt: 3, Attempts(5));
        var result = run.RunAsync<int>("main");

        await run.AdvanceUntilAsync(result, Second);

        Assert.Equal(3, await result);
        Assert.Equal(["attempt 1", "attempt 2", "attempt 3"], run.Recorder.Notes);
    }

    [ConformanceFact]
    public async Task The_last_attempts_failure_is_the_one_that_is_thrown()
    {
        await using var run = await FlakyAsync(succeedAt: int.MaxValue, Attempts(3));
        var failing = FailureAsync(run);

        await run.AdvanceUntilAsync(failing, Second);

        Assert.Equal("attempt 3 failed", Innermost(await failing).Message);
        Assert.Equal(3, run.Recorder.Notes.Count);
    }

    [ConformanceFact]
    public async Task A_non_retryable_failure_is_final_at_once()
    {
        await using var run = await FlakyAsync(succeedAt: 2, Attempts(5) with { FirstRetryInterval = Day, MaxRetryInterval = Day }, nonRetryable: true);

        await FailureAsync(run);

        Assert.Equal(["attempt 1"], run.Recorder.Notes);
    }

    [ConformanceFact]
    public async Task A_failure_of_a_type_listed_as_non_retryable_is_final_at_once()
    {
        await using var run = await FlakyAsync(succeedAt: 2, Attempts(5) with { FirstRetryInterval = Day, MaxRetryInterval = Day, NonRetryableErrorTypes = ["Other", "Flaky"] });

        await FailureAsync(run);

        Assert.Equal(["attempt 1"], run.Recorder.Notes);
    }

    [ConformanceFact]
    public async Task A_failure_caused_by_a_type_listed_as_non_retryable_is_final_at_once()
    {
        await using var run = await FlakyAsync(
            succeedAt: 2,
            Attempts(5) with { FirstRetryInterval = Day, MaxRetryInterval = Day, NonRetryableErrorTypes = [typeof(TimeoutException).FullName!] });

        await FailureAsync(run);

        Assert.Equal(["attempt 1"], run.Recorder.Notes);
    }

    [ConformanceFact]
    public async Task Types_that_are_not_listed_are_retried()
    {
        await using var run = await FlakyAsync(succeedAt: 2, Attempts(2) with { NonRetryableErrorTypes = ["flaky", "Flak"] });
        var result = run.RunAsync<int>("main");

        await run.AdvanceUntilAsync(result, Second);

        Assert.Equal(2, await result);
    }

    [ConformanceFact]
    public async Task Each_attempt_waits_for_its_delay()
    {
        var times = new ConcurrentQueue<DateTimeOffset>();
        await using var run = await FlakyAsync(succeedAt: 4, Attempts(4) with { BackoffCoefficient = 2, MaxRetryInterval = 3 * Second }, times: times);
        var result = run.RunAsync<int>("main");

        await run.AdvanceUntilAsync(result, Second / 4);

        var attempts = times.ToArray();
        var gaps = attempts.Zip(attempts.Skip(1), (from, to) => to - from).ToArray();
        Assert.Equal(3, gaps.Length);
        Assert.True(gaps.Zip([1, 2, 3], (gap, seconds) => gap >= seconds * Second - Capabilities.Early).All(waited => waited), $"The delays were {string.Join(", ", gaps)}.");
    }

    [ConformanceFact]
    public async Task A_delay_is_never_longer_than_the_longest_allowed()
    {
        // Uncapped, the second delay would be over three years.
        await using var run = await FlakyAsync(succeedAt: 3, Attempts(3) with { BackoffCoefficient = 1e8, MaxRetryInterval = Second });
        var result = run.RunAsync<int>("main");

        await run.AdvanceUntilAsync(result, Second);

        Assert.Equal(3, await result);
    }

    [ConformanceFact]
    public async Task Nothing_runs_while_a_retry_waits()
    {
        await using var run = await FlakyAsync(succeedAt: 2, Attempts(2) with { FirstRetryInterval = Day, MaxRetryInterval = Day });
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("attempt 1");

        // Work that begins and ends meanwhile shows that the engine is not just slow.
        await run.RunAsync<string>("idle");

        Assert.Equal(1, run.Recorder.Count("attempt 1") + run.Recorder.Count("attempt 2"));
        Assert.Equal(OrchestrationStatus.Running, await run.StatusAsync(id));
    }

    [ConformanceFact]
    public async Task A_retry_that_nobody_waits_for_keeps_no_instance_open()
    {
        var failed = 0;
        await using var run = await RunningAsync(registry => registry
            .Activity<Unit, int>("flaky", _ => throw new DurableException("Flaky", $"attempt {++failed} failed", isNonRetryable: false))
            .Orchestrator("main", async context =>
            {
                // Its failure is known before the timer below fires.
                var unawaited = context.CallActivityAsync<int>("flaky", Unit.Value, Attempts(2) with { FirstRetryInterval = Day, MaxRetryInterval = Day });
                try
                {
                    await context.CallActivityAsync<int>("flaky", Unit.Value);
                }
                catch (TaskFailedException)
                {
                    await context.CallAsync(Steps.Record, "beside");
                }
                await context.CreateTimer(context.CurrentUtcDateTime + Second);
                return unawaited.IsCompleted ? "it ended" : "it waits";
            }));
        var result = run.RunAsync<string>("main");

        await run.AdvanceUntilAsync(result, Second);

        Assert.Equal("it waits", await result);
        Assert.Equal(2, failed);
    }

    [ConformanceFact]
    public async Task A_retry_that_waits_survives_a_restart()
    {
        Requires(Capabilities.Restart);
        await using var run = await FlakyAsync(succeedAt: 2, Attempts(2) with { FirstRetryInterval = 2 * Second });
        var id = await run.StartAsync("main");
        await run.Recorder.SeenAsync("attempt 1");

        await run.RestartAsync();
        var result = run.OutputAsync<int>(id);
        await run.AdvanceUntilAsync(result, Second);

        // The restart may come before the first failure is recorded; then that attempt is repeated, and succeeds as the second.
        Assert.Equal(2, await result);
    }

    [ConformanceFact]
    public async Task A_failing_sub_orchestration_runs_again_under_a_numbered_id()
    {
        await using var run = await FlakySubOrchestrationAsync(succeedAt: 3, Attempts(3));
        var id = run.NewId();
        var result = run.RunAsync<string, string>("main", id);

        await run.AdvanceUntilAsync(result, Second);

        Assert.Equal($"{id}:3", await result);
        Assert.Equal(OrchestrationStatus.Failed, await run.StatusAsync(id));
        Assert.Equal(OrchestrationStatus.Failed, await run.StatusAsync($"{id}:2"));
        Assert.Equal(OrchestrationStatus.Completed, await run.StatusAsync($"{id}:3"));
    }

    [ConformanceFact]
    public async Task A_sub_orchestration_that_fails_non_retryably_is_not_run_again()
    {
        await using var run = await FlakySubOrchestrationAsync(succeedAt: 2, Attempts(3) with { FirstRetryInterval = Day, MaxRetryInterval = Day }, nonRetryable: true);

        var failure = await run.FailureAsync(await run.StartAsync("main", run.NewId()));

        Assert.True(failure.IsCausedBy("Flaky"), failure.ToString());
        Assert.Equal(["attempt 1"], run.Recorder.Notes);
    }

    private Task<EngineRun> FlakyAsync(
        int succeedAt, RetryPolicy? policy, bool nonRetryable = false, ConcurrentQueue<DateTimeOffset>? times = null)
    {
        var attempts = 0;
        EngineRun? run = null;
        return StartedAsync();

        async Task<EngineRun> StartedAsync() => run = await RunningAsync(registry => registry
            .Activity<Unit, int>("flaky", _ =>
            {
                var attempt = ++attempts;
                times?.Enqueue(run!.UtcNow);
                run!.Recorder.Record($"attempt {attempt}");
                return attempt >= succeedAt
                    ? attempt
                    : throw new DurableException("Flaky", $"attempt {attempt} failed", nonRetryable, new TimeoutException("slow"));
            })
            .Orchestrator("main", async context => await context.CallActivityAsync<int>("flaky", Unit.Value, policy))
            .Orchestrator("idle", async context =>
            {
                await context.CallAsync(Steps.Record, "idle");
                return "done";
            }));
    }

    /// <summary>"main" takes the id to give to its sub-orchestration, and gives the id of the one that succeeded.</summary>
    private Task<EngineRun> FlakySubOrchestrationAsync(int succeedAt, RetryPolicy policy, bool nonRetryable = false)
    {
        var attempts = 0;
        return RunningAsync(registry => registry
            .Activity<Unit, int>("count", _ => ++attempts)
            .Orchestrator("child", async context =>
            {
                var attempt = await context.CallActivityAsync<int>("count", Unit.Value);
                await context.CallAsync(Steps.Record, $"attempt {attempt}");
                return attempt >= succeedAt
                    ? context.InstanceId
                    : throw new DurableException("Flaky", $"attempt {attempt} failed", nonRetryable);
            })
            .Orchestrator<string, string>("main", async (context, childId) => await context.CallSubOrchestratorAsync<string>(
                "child", Unit.Value, new SubOrchestrationOptions { InstanceId = childId, Retry = policy })));
    }

    private static async Task<FailureDetails> FailureAsync(EngineRun run) => await run.FailureAsync(await run.StartAsync("main"));

    /// <summary>The activity's own failure, below those of the orchestrations around it.</summary>
    private static FailureDetails Innermost(FailureDetails failure)
    {
        while (failure.ErrorType != "Flaky" && failure.Inner is { } inner)
        {
            failure = inner;
        }
        return failure;
    }
}
