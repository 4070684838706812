using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

public abstract class ActivitiesConformance : ConformanceTests
{
    public enum Colour
    {
        Red,
        Green,
    }

    [ConformanceFact]
    public async Task An_activitys_result_reaches_the_orchestrator()
    {
        await using var run = await RunningAsync(registry => registry
            .Activity<int, int>("double", number => number * 2)
            .Orchestrator<int, int>("main", async (context, number) =>
                await context.CallActivityAsync<int>("double", await context.CallActivityAsync<int>("double", number))));

        Assert.Equal(20, await run.RunAsync<int, int>("main", 5));
    }

    [ConformanceFact]
    public async Task An_activity_that_succeeds_runs_once_and_is_recorded_once()
    {
        Requires(Capabilities.History);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
        {
            await context.CallAsync(Steps.Record, "once");
            await context.CallAsync(Steps.Record, "then");
            return "done";
        }));

        var id = await run.StartAsync("main");
        Assert.Equal("done", await run.OutputAsync<string>(id));

        Assert.Equal(["once", "then"], run.Recorder.Notes);
        var history = await run.Client.GetHistoryAsync(id);
        Assert.NotNull(history);
        // Two events per call at most: one that schedules it and one that completes it.
        Assert.InRange(history.Count(entry => entry.Name == Steps.Record.Value), 2, 4);
    }

    [ConformanceFact]
    public Task A_null_makes_the_round_trip() => MakesTheRoundTrip<string?>(null);

    [ConformanceFact]
    public Task A_unit_makes_the_round_trip() => MakesTheRoundTrip(Unit.Value);

    [ConformanceFact]
    public Task An_empty_text_makes_the_round_trip() => MakesTheRoundTrip("");

    [ConformanceFact]
    public Task A_text_of_100_KB_makes_the_round_trip() => MakesTheRoundTrip(string.Concat(Enumerable.Repeat("0123456789", 10_240)));

    [ConformanceFact]
    public Task Unicode_makes_the_round_trip() => MakesTheRoundTrip("naïve “quotes” \"\\\r\n\t\u0001 日本語 עברית 👩‍👩‍👧 <&'> \u2028");

    [ConformanceFact]
    public Task A_record_makes_the_round_trip() => MakesTheRoundTrip(new Parcel(
        Guid.Parse("7c9e6679-7425-40de-944b-e07fc1f90ae7"), 12.3400m, new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(5.5)), null, Colour.Green,
        new Parcel(Guid.Empty, -0.01m, DateTimeOffset.UnixEpoch, long.MaxValue, Colour.Red, null)));

    [ConformanceFact]
    public async Task A_failure_carries_type_message_retryability_and_inner_failure()
    {
        await using var run = await RunningAsync(registry => registry
            .Activity<Unit, Unit>("charge", _ => throw new DurableException(
                "Card.Declined", "The card was declined.", isNonRetryable: true, new InvalidOperationException("code 51")))
            .Orchestrator("main", async context => (await FailureOf(context.CallActivityAsync<Unit>("charge", Unit.Value))).Failure));

        var failure = await run.RunAsync<FailureDetails>("main");

        Assert.Equal(
            new FailureDetails("Card.Declined", "The card was declined.", true, new FailureDetails(typeof(InvalidOperationException).FullName!, "code 51")),
            failure);
    }

    [ConformanceFact]
    public async Task An_ordinary_exception_is_a_retryable_failure_of_its_full_type_name()
    {
        await using var run = await RunningAsync(registry => registry
            .Activity<Unit, Unit>("charge", _ => throw new TimeoutException("Too slow."))
            .Orchestrator("main", async context =>
            {
                var failed = await FailureOf(context.CallActivityAsync<Unit>("charge", Unit.Value));
                return new NamedFailure(failed.TaskName, failed.Failure);
            }));

        Assert.Equal(
            new NamedFailure("charge", new FailureDetails(typeof(TimeoutException).FullName!, "Too slow.")),
            await run.RunAsync<NamedFailure>("main"));
    }

    [ConformanceFact]
    public async Task A_failure_nobody_catches_fails_the_instance_with_its_cause_inside()
    {
        await using var run = await RunningAsync(registry => registry
            .Activity<Unit, Unit>("charge", _ => throw new DurableException("Card.Declined", "The card was declined.", isNonRetryable: true))
            .Orchestrator("main", async context => await context.CallActivityAsync<Unit>("charge", Unit.Value)));

        var failure = await run.FailureAsync(await run.StartAsync("main"));

        Assert.True(failure.IsCausedBy("Card.Declined"), failure.ToString());
    }

    [ConformanceFact]
    public async Task An_orchestrator_may_catch_a_failure_and_go_on()
    {
        await using var run = await RunningAsync(registry => registry
            .Activity<Unit, Unit>("charge", _ => throw new TimeoutException())
            .Activity<Unit, string>("invoice", _ => "invoiced")
            .Orchestrator("main", async context =>
            {
                await FailureOf(context.CallActivityAsync<Unit>("charge", Unit.Value));
                return await context.CallActivityAsync<string>("invoice", Unit.Value);
            }));

        Assert.Equal("invoiced", await run.RunAsync<string>("main"));
    }

    [ConformanceFact]
    public async Task An_unregistered_activity_fails_as_not_registered_and_is_not_retried()
    {
        Requires(Capabilities.TellsUnregisteredCalls);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
            (await FailureOf(context.CallActivityAsync<Unit>(
                "no.such.activity", Unit.Value, new RetryPolicy { MaxNumberOfAttempts = 5, FirstRetryInterval = Day, MaxRetryInterval = Day }))).Failure));

        var failure = await run.RunAsync<FailureDetails>("main");

        Assert.Equal(DurableErrorTypes.NotRegistered, failure!.ErrorType);
        Assert.True(failure.IsNonRetryable);
        Assert.Contains("no.such.activity", failure.Message, StringComparison.Ordinal);
    }

    [ConformanceFact]
    public async Task An_input_of_the_wrong_shape_fails_as_serialization()
    {
        await using var run = await RunningAsync(registry => registry
            .Activity<int, int>("double", number => number * 2)
            .Orchestrator("main", async context => (await FailureOf(context.CallActivityAsync<int>("double", "two"))).Failure));

        var failure = await run.RunAsync<FailureDetails>("main");

        Assert.Equal(DurableErrorTypes.Serialization, failure!.ErrorType);
        Assert.True(failure.IsNonRetryable);
    }

    [ConformanceFact]
    public async Task Fifty_activities_run_side_by_side_and_their_results_keep_their_places()
    {
        await using var run = await RunningAsync(registry => registry
            .Activity<int, int>("square", number => number * number)
            .Orchestrator("main", context => Task.WhenAll(Enumerable.Range(0, 50).Select(n => context.CallActivityAsync<int>("square", n)))));

        Assert.Equal(Enumerable.Range(0, 50).Select(n => n * n), (await run.RunAsync<int[]>("main"))!);
    }

    [ConformanceFact]
    public async Task Activities_started_together_run_at_the_same_time()
    {
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", context =>
            Task.WhenAll(context.CallAsync(Steps.Hold, "left"), context.CallAsync(Steps.Hold, "right"))));
        var id = await run.StartAsync("main");

        await run.Recorder.SeenAsync("left:started");
        await run.Recorder.SeenAsync("right:started");
        run.Recorder.Open("right");
        run.Recorder.Open("left");

        Assert.Equal(["left", "right"], (await run.OutputAsync<string[]>(id))!);
    }

    [ConformanceFact]
    public async Task The_first_of_two_activities_wins_a_race_and_the_instance_may_finish_without_the_other()
    {
        Requires(Capabilities.EndsBeforeItsActivities);
        await using var run = await RunningAsync(registry => registry.Orchestrator("main", async context =>
            await await Task.WhenAny(context.CallAsync(Steps.Hold, "slow"), context.CallAsync(Steps.Hold, "fast"))));
        var id = await run.StartAsync("main");

        await run.Recorder.SeenAsync("slow:started");
        run.Recorder.Open("fast");

        Assert.Equal("fast", await run.OutputAsync<string>(id));
    }

    private async Task MakesTheRoundTrip<T>(T value)
    {
        var seen = new List<T>();
        await using var run = await RunningAsync(registry => registry
            .Activity<T, T>("echo", input =>
            {
                seen.Add(input);
                return input;
            })
            .Orchestrator<T, T>("main", async (context, input) => await context.CallActivityAsync<T>("echo", input)));

        Assert.Equal(value, await run.RunAsync<T, T>("main", value));
        Assert.Equal([value], seen);
    }

    public sealed record Parcel(Guid Id, decimal Price, DateTimeOffset Sent, long? Weight, Colour Colour, Parcel? Inside);

    public sealed record NamedFailure(string TaskName, FailureDetails Failure);
}
