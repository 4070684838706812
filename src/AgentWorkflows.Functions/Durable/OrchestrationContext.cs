using System.Text;
using System.Text.Json;
using AgentWorkflows.Durability;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using DurableTaskRetry = Microsoft.DurableTask.RetryPolicy;
using DurableTaskSubOptions = Microsoft.DurableTask.SubOrchestrationOptions;
using RetryPolicy = AgentWorkflows.Durability.RetryPolicy;
using SubOrchestrationOptions = AgentWorkflows.Durability.SubOrchestrationOptions;
using TaskFailedException = AgentWorkflows.Durability.TaskFailedException;

namespace AgentWorkflows.Functions.Durable;

/// <summary>The port over Durable Task's context. No state of its own beyond the events that were brought but not asked for.</summary>
internal sealed class OrchestrationContext(TaskOrchestrationContext context) : IOrchestrationContext
{
    /// <summary>Durable Functions' own limit, in UTF-16.</summary>
    private const int MaxCustomStatusBytes = 16 * 1024;

    private readonly EventInbox _events = new(context);
    private readonly List<CancellationTokenSource> _timers = [];

    public string Name => context.Name.Name;

    public string InstanceId => context.InstanceId;

    public string? ParentInstanceId => context.Parent?.InstanceId;

    public string Version => context.Version ?? "";

    public DateTimeOffset CurrentUtcDateTime => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));

    public bool IsReplaying => context.IsReplaying;

    /// <summary>True once the orchestrator has ended this execution: its return value counts for nothing then.</summary>
    public bool ContinuedAsNew { get; private set; }

    public Guid NewGuid() => context.NewGuid();

    /// <summary>
    /// Retries are made here, with the delays and in the recorded order of Durable Task's own: a retry's timer of its own could not be cancelled, and would keep an instance
    /// open that has ended without waiting for the call.
    /// </summary>
    public Task<TOutput> CallActivityAsync<TOutput>(string name, object? input, RetryPolicy? retry = null) => RepeatAsync(
        retry,
        _ => CallAsync<TOutput>(name, () => context.CallActivityAsync<JsonElement?>(name, DurablePayload.Write(input, $"The input of activity '{name}'"))));

    public Task<TOutput> CallSubOrchestratorAsync<TOutput>(string name, object? input, SubOrchestrationOptions? options = null)
    {
        var payload = DurablePayload.Write(input, $"The input of orchestrator '{name}'");
        return options is { InstanceId: { } id, Retry: { MaxNumberOfAttempts: > 1 } retry }
            ? CallWithIdsAsync<TOutput>(name, payload, id, options, retry)
            : CallAsync<TOutput>(name, () => context.CallSubOrchestratorAsync<JsonElement?>(
                name, payload, Options(options, options?.InstanceId, options?.Retry is { } policy ? Retry(policy) : null)));
    }

    public async Task CreateTimer(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timers.Add(timer);
        try
        {
            await context.CreateTimer(fireAt.UtcDateTime, timer.Token);
        }
        finally
        {
            _timers.Remove(timer);
        }
    }

    /// <summary>Durable Task ends no instance while a timer of it is open.</summary>
    public void CancelTimers()
    {
        foreach (var timer in _timers.ToList())
        {
            timer.Cancel();
        }
    }

    public Task<TEvent> WaitForExternalEvent<TEvent>(string eventName, CancellationToken cancellationToken = default) =>
        _events.WaitAsync<TEvent>(eventName, cancellationToken);

    public void SetCustomStatus(object? status)
    {
        var json = DurablePayload.Write(status, "The custom status");
        if (json is { } written && Encoding.Unicode.GetByteCount(written.GetRawText()) is var bytes and > MaxCustomStatusBytes)
        {
            throw new DurableException(
                DurableErrorTypes.PayloadTooLarge,
                $"The custom status has {bytes} bytes; at most {MaxCustomStatusBytes} are allowed.", isNonRetryable: true);
        }
        context.SetCustomStatus(json);
    }

    public void ContinueAsNew(object? newInput, bool preserveUnprocessedEvents = true)
    {
        var input = DurablePayload.Write(newInput, "The input of the next execution");
        ContinuedAsNew = true;
        if (preserveUnprocessedEvents)
        {
            _events.Forward();
        }
        context.ContinueAsNew(input, preserveUnprocessedEvents);
    }

    public ILogger CreateReplaySafeLogger(string categoryName) => context.CreateReplaySafeLogger(categoryName);

    /// <summary>A failed child keeps its id, so each attempt has one of its own: <c>id</c>, <c>id:2</c>, <c>id:3</c>.</summary>
    private Task<TOutput> CallWithIdsAsync<TOutput>(
        string name, JsonElement? payload, string id, SubOrchestrationOptions options, RetryPolicy retry) => RepeatAsync(
            retry,
            attempt => CallAsync<TOutput>(
                name, () => context.CallSubOrchestratorAsync<JsonElement?>(name, payload, Options(options, attempt == 1 ? id : $"{id}:{attempt}", null))));

    private async Task<TOutput> RepeatAsync<TOutput>(RetryPolicy? retry, Func<int, Task<TOutput>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan delay;
            try
            {
                return await call(attempt);
            }
            catch (TaskFailedException failed)
            {
                if (retry?.DelayAfter(attempt, failed.Failure) is not { } next)
                {
                    throw;
                }
                delay = next;
            }
            await CreateTimer(CurrentUtcDateTime + delay);
        }
    }

    private static async Task<TOutput> CallAsync<TOutput>(string name, Func<Task<JsonElement?>> call)
    {
        try
        {
            return DurablePayload.Read<TOutput>(await call(), $"The output of '{name}'");
        }
        catch (Microsoft.DurableTask.TaskFailedException failed)
        {
            throw new TaskFailedException(name, failed.TaskId, RecordedFailure.Read(failed.FailureDetails));
        }
    }

    private static DurableTaskSubOptions Options(SubOrchestrationOptions? options, string? id, DurableTaskRetry? retry) =>
        new(retry is null ? null : (TaskRetryOptions)retry, id)
        {
            Version = OrchestrationClient.VersionOf(options?.Version),
            Tags = InstanceView.TagsOf(options?.Version),
        };

    private static DurableTaskRetry Retry(RetryPolicy policy) => new(
        policy.MaxNumberOfAttempts,
        policy.FirstRetryInterval < policy.MaxRetryInterval ? policy.FirstRetryInterval : policy.MaxRetryInterval,
        policy.BackoffCoefficient,
        policy.MaxRetryInterval)
    {
        // Attempts and delays are counted by Durable Task; asked as of the first attempt, the policy says whether the failure allows another one.
        HandleFailure = details => policy.DelayAfter(0, RecordedFailure.Read(details)) is not null,
    };
}
