using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Replay;

/// <summary>Something the orchestrator has asked for and history has not answered yet.</summary>
internal interface IOpenTask
{
    /// <summary>The event that asked for it.</summary>
    HistoryEvent Scheduled { get; }

    void Complete(ReadOnlyMemory<byte> result);

    void Fail(FailureDetails failure);
}

/// <summary>An activity or a sub-orchestration. Continuations run inside the turn that completes it.</summary>
internal sealed class DurableTask<T>(int taskId, string name, HistoryEvent scheduled) : TaskCompletionSource<T>, IOpenTask
{
    public HistoryEvent Scheduled => scheduled;

    public void Complete(ReadOnlyMemory<byte> result)
    {
        T? value;
        try
        {
            value = Payload.Read<T>(result, $"The result of '{name}' (#{taskId})");
        }
        catch (DurableException e)
        {
            Fail(FailureDetails.FromException(e));
            return;
        }
        TrySetResult(value!);
    }

    public void Fail(FailureDetails failure) => TrySetException(new TaskFailedException(name, taskId, failure));
}

internal sealed class TimerTask(TimerCreated scheduled) : TaskCompletionSource, IOpenTask
{
    public HistoryEvent Scheduled => scheduled;

    public CancellationTokenRegistration Cancellation { get; set; }

    public void Complete(ReadOnlyMemory<byte> result)
    {
        Cancellation.Unregister();
        TrySetResult();
    }

    public void Fail(FailureDetails failure) => throw new InvalidOperationException("Timers do not fail.");
}
