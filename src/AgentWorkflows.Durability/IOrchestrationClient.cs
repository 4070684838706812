using System.Text.Json;

namespace AgentWorkflows.Durability;

/// <summary>Everything that is done to orchestration instances from outside. Thread-safe. What a call has answered is durable.</summary>
public interface IOrchestrationClient
{
    /// <summary>
    /// Starts an instance. An id that exists already (running or finished, until purged) is refused: the answer names its status and nothing changes.
    /// </summary>
    Task<StartOutcome> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input, StartOrchestrationOptions? options = null, CancellationToken cancellationToken = default);

    /// <returns><c>null</c> when there is no such instance.</returns>
    Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default);

    /// <summary>
    /// A page of instances, in the order of the engine's storage: the embedded engine gives the newest first, Durable Task the order of its table. Pass
    /// <see cref="OrchestrationPage.ContinuationToken"/> back for the next one; while there is one, a page may hold fewer than asked for, even none.
    /// </summary>
    Task<OrchestrationPage> QueryInstancesAsync(OrchestrationQuery query, CancellationToken cancellationToken = default);

    /// <summary>Delivers an event, at least once, in order per name. It is kept when the instance does not wait for it yet.</summary>
    Task<CommandOutcome> RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken = default);

    /// <summary>Stops the instance from taking turns; results, timers and events that arrive meanwhile are kept.</summary>
    Task<CommandOutcome> SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default);

    Task<CommandOutcome> ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Ends the instance and its sub-orchestrations without running any more of their code. Activities already running finish; their results are dropped.</summary>
    Task<CommandOutcome> TerminateInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes a finished instance, its history and its finished sub-orchestrations. A running one is refused with <see cref="CommandOutcome.StillRunning"/>.</summary>
    Task<CommandOutcome> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken = default);

    /// <summary>Completes when the instance is in a terminal status. Waiting holds no thread.</summary>
    /// <returns><c>null</c> when there is no such instance.</returns>
    Task<OrchestrationMetadata?> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default);

    /// <summary>The recorded history of the current execution, oldest first.</summary>
    /// <returns><c>null</c> when there is no such instance.</returns>
    Task<IReadOnlyList<HistoryEntry>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default);
}

/// <summary>What may be chosen about a new instance.</summary>
public sealed record StartOrchestrationOptions
{
    /// <summary>1 to 200 characters: letters, digits, <c>. _ - : @ /</c>. Default: a new id.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Default: the host's default version.</summary>
    public string? Version { get; init; }

    /// <summary>Default: at once.</summary>
    public DateTimeOffset? StartAt { get; init; }
}

/// <summary>The outcome of a start.</summary>
public abstract record StartOutcome(string InstanceId)
{
    /// <summary>It is recorded durably and will run.</summary>
    public sealed record Started(string InstanceId) : StartOutcome(InstanceId);

    /// <summary>There is an instance of that id, running or ended; nothing was started.</summary>
    public sealed record DuplicateStart(string InstanceId, OrchestrationStatus Status) : StartOutcome(InstanceId);
}

/// <summary>What became of an order to an instance.</summary>
public enum CommandOutcome
{
    /// <summary>Recorded durably.</summary>
    Accepted,
    NotFound,

    /// <summary>The instance is in a terminal status; nothing changed.</summary>
    AlreadyFinished,

    /// <summary>Only from purge: finish or terminate the instance first.</summary>
    StillRunning,
}

/// <summary>Durable Task's runtime statuses.</summary>
public enum OrchestrationStatus
{
    Pending,
    Running,
    Suspended,
    Completed,
    Failed,
    Terminated,
}

/// <summary>What a status means.</summary>
public static class OrchestrationStatusExtensions
{
    public static bool IsTerminal(this OrchestrationStatus status) =>
        status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;
}

/// <summary>Payloads are JSON text; inputs and outputs only when asked for.</summary>
public sealed record OrchestrationMetadata(
    string InstanceId, string Name, string Version, OrchestrationStatus Status, DateTimeOffset CreatedAt, DateTimeOffset LastUpdatedAt)
{
    public string? SerializedInput { get; init; }

    public string? SerializedOutput { get; init; }

    public string? SerializedCustomStatus { get; init; }

    public FailureDetails? Failure { get; init; }

    /// <summary>True when the instance has a version that this host does not run: it waits for a newer one, whatever its status says.</summary>
    public bool AwaitsNewerHost { get; init; }

    public T? ReadOutputAs<T>() => Read<T>(SerializedOutput);

    public T? ReadInputAs<T>() => Read<T>(SerializedInput);

    public T? ReadCustomStatusAs<T>() => Read<T>(SerializedCustomStatus);

    private static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, DurableJson.Options);
}

/// <summary>Which instances to list. What is not given restricts nothing.</summary>
public sealed record OrchestrationQuery
{
    public const int MaxPageSize = 1000;

    public IReadOnlyCollection<OrchestrationStatus>? Statuses { get; init; }

    public string? Name { get; init; }

    public string? InstanceIdPrefix { get; init; }

    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedTo { get; init; }

    /// <summary>1 to 1000, default 100.</summary>
    public int PageSize { get; init; } = 100;

    public string? ContinuationToken { get; init; }
}

/// <summary>A part of a list of instances. Without a token it is the last part.</summary>
public sealed record OrchestrationPage(IReadOnlyList<OrchestrationMetadata> Instances, string? ContinuationToken);

/// <summary>One event of an instance's history, as shown to people. <paramref name="Kind"/> is the engine's event name, such as <c>TaskScheduled</c>.</summary>
public sealed record HistoryEntry(int Sequence, string Kind, DateTimeOffset Timestamp)
{
    public string? Name { get; init; }

    /// <summary>Ties a completion to the event that scheduled it.</summary>
    public int? TaskId { get; init; }

    public string? Payload { get; init; }

    public FailureDetails? Failure { get; init; }
}
