using AgentWorkflows.Durability;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Conformance;

/// <summary>A started engine and what a test does with it.</summary>
public sealed class EngineRun(IEngineUnderTest engine, Recorder recorder, CapturedLogs logs, ServiceProvider services) : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private int _lastId;

    public IOrchestrationClient Client => engine.Client;

    public DateTimeOffset UtcNow => engine.UtcNow;

    public Recorder Recorder => recorder;

    public CapturedLogs Logs => logs;

    /// <summary>Starts every id of this run, so that engines may share their storage between tests.</summary>
    public string IdPrefix { get; } = $"conf-{Guid.NewGuid():N}";

    public string NewId() => $"{IdPrefix}-{Interlocked.Increment(ref _lastId)}";

    public Task<string> StartAsync(string orchestrator, StartOrchestrationOptions? options = null) =>
        StartAsync<Unit>(orchestrator, Unit.Value, options);

    public async Task<string> StartAsync<TInput>(string orchestrator, TInput input, StartOrchestrationOptions? options = null)
    {
        var chosen = (options ?? new StartOrchestrationOptions()) with { InstanceId = options?.InstanceId ?? NewId() };
        var outcome = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, chosen);
        return Assert.IsType<StartOutcome.Started>(outcome).InstanceId;
    }

    public async Task<OrchestrationMetadata> FinishedAsync(string instanceId)
    {
        var metadata = await Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true);
        Assert.NotNull(metadata);
        Assert.True(metadata.Status.IsTerminal(), $"A wait for completion gave the status {metadata.Status}.");
        return metadata;
    }

    public async Task<T?> OutputAsync<T>(string instanceId)
    {
        var metadata = await FinishedAsync(instanceId);
        Assert.True(metadata.Status == OrchestrationStatus.Completed, $"{metadata.Status}: {metadata.Failure}");
        return metadata.ReadOutputAs<T>();
    }

    public async Task<FailureDetails> FailureAsync(string instanceId)
    {
        var metadata = await FinishedAsync(instanceId);
        Assert.Equal(OrchestrationStatus.Failed, metadata.Status);
        Assert.NotNull(metadata.Failure);
        return metadata.Failure;
    }

    public async Task<T?> RunAsync<T>(string orchestrator) => await OutputAsync<T>(await StartAsync(orchestrator));

    public async Task<TOutput?> RunAsync<TInput, TOutput>(string orchestrator, TInput input) =>
        await OutputAsync<TOutput>(await StartAsync(orchestrator, input));

    public async Task RaiseAsync<T>(string instanceId, string eventName, T payload) =>
        Assert.Equal(CommandOutcome.Accepted, await Client.RaiseEventAsync(instanceId, eventName, payload));

    public async Task SuspendAsync(string instanceId)
    {
        Assert.Equal(CommandOutcome.Accepted, await Client.SuspendInstanceAsync(instanceId, "conformance"));
        await ReachesAsync(instanceId, OrchestrationStatus.Suspended);
    }

    public async Task ResumeAsync(string instanceId) =>
        Assert.Equal(CommandOutcome.Accepted, await Client.ResumeInstanceAsync(instanceId, "conformance"));

    public async Task TerminateAsync(string instanceId) =>
        Assert.Equal(CommandOutcome.Accepted, await Client.TerminateInstanceAsync(instanceId, "conformance"));

    public async Task<OrchestrationStatus> StatusAsync(string instanceId)
    {
        var metadata = await Client.GetInstanceAsync(instanceId);
        Assert.NotNull(metadata);
        return metadata.Status;
    }

    /// <summary>For statuses other than terminal ones, which the port has no signal for.</summary>
    public Task ReachesAsync(string instanceId, OrchestrationStatus status) =>
        EventuallyAsync(() => StatusAsync(instanceId), current => current == status);

    /// <summary>Completes when history has so many events of the name.</summary>
    public Task RecordedAsync(string instanceId, string eventName, int times) => EventuallyAsync(
        () => Client.GetHistoryAsync(instanceId), history => history!.Count(entry => entry.Kind == "EventRaised" && entry.Name == eventName) >= times);

    public Task AdvanceAsync(TimeSpan by) => engine.AdvanceAsync(by);

    /// <summary>Advances step by step until <paramref name="done"/>, for timers whose creation the test cannot see (retries).</summary>
    public async Task AdvanceUntilAsync(Task done, TimeSpan step)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!done.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            await engine.AdvanceAsync(step);
            await Task.WhenAny(done, Task.Delay(Pace, patience.Token));
        }
        await done;
    }

    public Task RestartAsync(TimeSpan downtime = default) => engine.RestartAsync(downtime);

    /// <summary>Reads until the value is as expected; the engine may show a command's effect a little later than it accepts it.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> read, Func<T, bool> expected)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(expected);
        using var patience = new CancellationTokenSource(Patience);
        for (var value = await read(); ; value = await read())
        {
            if (expected(value))
            {
                return value;
            }
            Assert.False(patience.IsCancellationRequested, $"Still {value} after {Patience}.");
            await Task.Delay(Pace);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await services.DisposeAsync();
    }
}
