using AgentWorkflows.Durability;

namespace AgentWorkflows.Testing;

/// <summary>A client of an engine that crashes its caller before or after everything that changes an instance.</summary>
public sealed class CrashingOrchestrationClient(IOrchestrationClient inner, CrashPoints points) : IOrchestrationClient
{
    public Task<StartOutcome> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input, StartOrchestrationOptions? options = null, CancellationToken cancellationToken = default) =>
        points.AroundAsync("start", () => inner.ScheduleNewOrchestrationInstanceAsync(orchestratorName, input, options, cancellationToken));

    public Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) =>
        inner.GetInstanceAsync(instanceId, getInputsAndOutputs, cancellationToken);

    public Task<OrchestrationPage> QueryInstancesAsync(OrchestrationQuery query, CancellationToken cancellationToken = default) =>
        inner.QueryInstancesAsync(query, cancellationToken);

    public Task<CommandOutcome> RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken = default) =>
        points.AroundAsync("event", () => inner.RaiseEventAsync(instanceId, eventName, payload, cancellationToken));

    public Task<CommandOutcome> SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        points.AroundAsync("suspend", () => inner.SuspendInstanceAsync(instanceId, reason, cancellationToken));

    public Task<CommandOutcome> ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        points.AroundAsync("resume", () => inner.ResumeInstanceAsync(instanceId, reason, cancellationToken));

    public Task<CommandOutcome> TerminateInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        points.AroundAsync("terminate", () => inner.TerminateInstanceAsync(instanceId, reason, cancellationToken));

    public Task<CommandOutcome> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken = default) =>
        points.AroundAsync("purge", () => inner.PurgeInstanceAsync(instanceId, cancellationToken));

    public Task<OrchestrationMetadata?> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) =>
        inner.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs, cancellationToken);

    public Task<IReadOnlyList<HistoryEntry>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default) =>
        inner.GetHistoryAsync(instanceId, cancellationToken);
}
