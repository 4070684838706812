using System.Security.Cryptography;
using System.Text;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Engine.Replay;

/// <summary>What the orchestrator sees. Every call either is pure, or goes through <see cref="ReplayGate"/>, which records it or compares it with history.</summary>
internal sealed class OrchestrationContext(
    ExecutionIdentity identity, ExecutionLimits limits, OrchestrationThread thread, ReplayGate gate, EventInbox inbox, ILoggerFactory loggers, Action misuse)
    : IOrchestrationContext
{
    private int _guids;

    public string Name => identity.Name;

    public string InstanceId => identity.InstanceId;

    public string? ParentInstanceId => identity.ParentInstanceId;

    public string Version => identity.Version;

    public DateTimeOffset CurrentUtcDateTime { get; set; }

    public bool IsReplaying { get; set; }

    /// <summary>What ids are derived from: in the replayed part of a fork the identity of the instance that recorded it, else the own one.</summary>
    public ExecutionForked Origin { get; set; } = Own(identity);

    public (ReadOnlyMemory<byte> Input, bool KeepEvents)? Continuation { get; private set; }

    public static ExecutionForked Own(ExecutionIdentity identity) => new(identity.InstanceId, identity.CreatedAt, identity.Execution);

    /// <remarks>The creation time is part of the seed, so that an id that is purged and used again does not repeat its old ids.</remarks>
    public Guid NewGuid()
    {
        RequireTurn();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var seed = Encoding.UTF8.GetBytes($"{Origin.InstanceId}\n{Origin.CreatedAt}\n{Origin.Execution}\n{_guids++}");
        SHA256.HashData(seed, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    public Task<TOutput> CallActivityAsync<TOutput>(string name, object? input, RetryPolicy? retry = null)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrEmpty(name);
        return retry is null or { MaxNumberOfAttempts: 1 }
            ? StartActivity<TOutput>(name, input)
            : WithRetries(retry, _ => StartActivity<TOutput>(name, input));
    }

    public Task<TOutput> CallSubOrchestratorAsync<TOutput>(string name, object? input, SubOrchestrationOptions? options = null)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (options?.InstanceId is { } chosen)
        {
            InstanceIds.Require(chosen, nameof(options));
        }
        return options?.Retry is null or { MaxNumberOfAttempts: 1 }
            ? StartChild<TOutput>(name, input, options, 1)
            : WithRetries(options.Retry, attempt => StartChild<TOutput>(name, input, options, attempt));
    }

    public Task CreateTimer(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
    {
        RequireTurn();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }
        var scheduled = new TimerCreated(gate.NextTaskId, fireAt.UtcTicks);
        var timer = new TimerTask(scheduled);
        gate.Open(scheduled, timer);
        if (cancellationToken.CanBeCanceled)
        {
            timer.Cancellation = cancellationToken.Register(() => Cancel(timer, scheduled.TaskId, cancellationToken));
        }
        return timer.Task;
    }

    public Task<TEvent> WaitForExternalEvent<TEvent>(string eventName, CancellationToken cancellationToken = default)
    {
        RequireTurn();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return inbox.WaitAsync<TEvent>(eventName, thread, misuse, cancellationToken);
    }

    public void SetCustomStatus(object? status)
    {
        RequireTurn();
        gate.Requests.CustomStatus = Payload.Write(status, null, ExecutionLimits.MaxCustomStatusBytes, "The custom status");
    }

    public void ContinueAsNew(object? newInput, bool preserveUnprocessedEvents = true)
    {
        RequireTurn();
        Continuation = (Payload.Write(newInput, null, limits.MaxPayloadBytes, "The input of the next execution"), preserveUnprocessedEvents);
    }

    public ILogger CreateReplaySafeLogger(string categoryName) => new ReplaySafeLogger(loggers.CreateLogger(categoryName), this);

    private Task<TOutput> StartActivity<TOutput>(string name, object? input)
    {
        var taskId = gate.NextTaskId;
        if (!TryWrite(input, name, taskId, out var json, out var failed))
        {
            return Task.FromException<TOutput>(failed);
        }
        var scheduled = new TaskScheduled(taskId, name, json);
        var task = new DurableTask<TOutput>(taskId, name, scheduled);
        gate.Open(scheduled, task);
        return task.Task;
    }

    private Task<TOutput> StartChild<TOutput>(string name, object? input, SubOrchestrationOptions? options, int attempt)
    {
        var taskId = gate.NextTaskId;
        if (!TryWrite(input, name, taskId, out var json, out var failed))
        {
            return Task.FromException<TOutput>(failed);
        }
        var scheduled = new SubOrchestrationScheduled(taskId, name, options?.Version ?? limits.DefaultVersion, ChildId(options, taskId, attempt));
        var task = new DurableTask<TOutput>(taskId, name, scheduled);
        gate.Open(scheduled, task, json);
        return task.Task;
    }

    private string ChildId(SubOrchestrationOptions? options, int taskId, int attempt)
    {
        if (options?.InstanceId is { } chosen)
        {
            return attempt == 1 ? chosen : $"{chosen}:{attempt}";
        }
        var derived = $"{Origin.InstanceId}:{Origin.Execution}.{taskId}";
        if (derived.Length <= InstanceIds.MaxLength)
        {
            return derived;
        }
        // Deep nesting outgrows the limit of ids: the parent's part is replaced by its hash.
        var parent = SHA256.HashData(Encoding.UTF8.GetBytes(Origin.InstanceId));
        return $"{Convert.ToHexStringLower(parent)}:{Origin.Execution}.{taskId}";
    }

    private async Task<TOutput> WithRetries<TOutput>(RetryPolicy policy, Func<int, Task<TOutput>> attempt)
    {
        for (var number = 1; ; number++)
        {
            TimeSpan? delay;
            try
            {
                return await attempt(number);
            }
            catch (TaskFailedException e) when ((delay = policy.DelayAfter(number, e.Failure)) is not null)
            {
            }
            await CreateTimer(CurrentUtcDateTime + delay.Value);
        }
    }

    private void Cancel(TimerTask timer, int taskId, CancellationToken cancellationToken)
    {
        if (!thread.IsCurrent)
        {
            misuse();
        }
        else if (gate.TryClose(taskId))
        {
            gate.Record(new TimerCancelled(taskId));
            timer.TrySetCanceled(cancellationToken);
        }
    }

    private bool TryWrite(object? input, string name, int taskId, out ReadOnlyMemory<byte> json, out TaskFailedException failed)
    {
        try
        {
            json = Payload.Write(input, null, limits.MaxPayloadBytes, $"The input of '{name}'");
            failed = null!;
            return true;
        }
        catch (DurableException e)
        {
            json = default;
            failed = new TaskFailedException(name, taskId, FailureDetails.FromException(e));
            return false;
        }
    }

    private void RequireTurn()
    {
        if (!thread.IsCurrent)
        {
            misuse();
            throw new InvalidOperationException(Coroutine.NotDurable);
        }
    }
}
