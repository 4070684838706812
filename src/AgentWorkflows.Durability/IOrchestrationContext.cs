using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Durability;

/// <summary>
/// What an orchestrator may use: everything here gives the same result again on replay. An orchestrator uses nothing
/// else (no clock, random, I/O, thread, <c>Task.Run</c> or <c>ConfigureAwait(false)</c>): its code runs again from the start
/// against recorded history after a restart or an eviction. Not thread-safe; continuations run one at a time.
/// </summary>
public interface IOrchestrationContext
{
    /// <summary>The wire name under which this orchestrator was started.</summary>
    string Name { get; }

    string InstanceId { get; }

    /// <summary>The instance that called this one as a sub-orchestration; <c>null</c> for a root.</summary>
    string? ParentInstanceId { get; }

    /// <summary>The version stamped on the instance when it was started. It never changes, also not across continue-as-new. Empty when unversioned.</summary>
    string Version { get; }

    /// <summary>The time (UTC) at which the current turn began; it moves only when the orchestrator awaits something that completes later.</summary>
    DateTimeOffset CurrentUtcDateTime { get; }

    /// <summary>True while already recorded results are being fed back.</summary>
    bool IsReplaying { get; }

    /// <summary>A UUID derived from the instance id, its execution and a counter: the same on replay, different for each call.</summary>
    Guid NewGuid();

    /// <summary>
    /// Runs an activity at least once; its result is recorded once. Attempts beyond the first happen per <paramref name="retry"/>,
    /// and after a crash between the effect and its record, so effects carry an idempotency key in their input.
    /// </summary>
    /// <exception cref="TaskFailedException">The activity failed and no attempt is left.</exception>
    Task<TOutput> CallActivityAsync<TOutput>(string name, object? input, RetryPolicy? retry = null);

    /// <summary>Starts another orchestration and waits for its result. The child is terminated with its parent.</summary>
    /// <exception cref="TaskFailedException">The sub-orchestration failed or was terminated and no attempt is left.</exception>
    Task<TOutput> CallSubOrchestratorAsync<TOutput>(string name, object? input, SubOrchestrationOptions? options = null);

    /// <summary>Completes at <paramref name="fireAt"/> (never before), also when the process was down then: late timers fire at once after a restart.</summary>
    /// <exception cref="OperationCanceledException">Through the task, when <paramref name="cancellationToken"/> is cancelled first.</exception>
    Task CreateTimer(DateTimeOffset fireAt, CancellationToken cancellationToken = default);

    /// <summary>
    /// Completes with the oldest event of this name (case-insensitive) that nobody has consumed. Events that arrive early are kept; events of one
    /// name are delivered in the order in which they were raised, each to one waiter, waiters served first come, first served.
    /// A wait cancelled through <paramref name="cancellationToken"/> consumes nothing.
    /// </summary>
    Task<TEvent> WaitForExternalEvent<TEvent>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>A small JSON value (at most 16 KB) shown by queries; replaced at each call, committed with the turn.</summary>
    void SetCustomStatus(object? status);

    /// <summary>
    /// Ends this execution and starts the orchestrator again under the same instance id with an empty history, in the turn's own transaction.
    /// The orchestrator should return directly afterwards; its return value is ignored. Outstanding activities' results are dropped.
    /// </summary>
    void ContinueAsNew(object? newInput, bool preserveUnprocessedEvents = true);

    /// <summary>A logger that is silent while <see cref="IsReplaying"/>.</summary>
    ILogger CreateReplaySafeLogger(string categoryName);
}
