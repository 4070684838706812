using System.Runtime.CompilerServices;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask.Testing.Sidecar;

namespace AgentWorkflows.Functions.Tests.Conformance;

/// <summary>
/// One run of a host on the official in-memory storage, which outlives it. What the host has taken is given back when the run ends, as a storage provider does when
/// the lease of a dead host is over; what a run does after its end has no effect.
/// </summary>
internal sealed class LeasedOrchestrationService(InMemoryOrchestrationService storage, RecordedHistories histories) : IOrchestrationService
{
    private const int AtOnce = 16;

    /// <summary>The storage puts what is given back behind what has arrived meanwhile; here it keeps its place.</summary>
    private static readonly ConditionalWeakTable<TaskMessage, object> GivenBack = [];

    private readonly Lock _gate = new();
    private readonly Dictionary<TaskOrchestrationWorkItem, IList<TaskMessage>> _turns = [];
    private readonly HashSet<TaskActivityWorkItem> _activities = [];
    private bool _ended;

    public int TaskOrchestrationDispatcherCount => storage.TaskOrchestrationDispatcherCount;

    public int MaxConcurrentTaskOrchestrationWorkItems => AtOnce;

    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => storage.EventBehaviourForContinueAsNew;

    public int TaskActivityDispatcherCount => storage.TaskActivityDispatcherCount;

    public int MaxConcurrentTaskActivityWorkItems => AtOnce;

    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            foreach (var (turn, messages) in _turns)
            {
                GiveBack(turn, messages);
            }
            foreach (var activity in _activities)
            {
                storage.AbandonTaskActivityWorkItemAsync(activity);
            }
        }
    }

    public async Task<TaskOrchestrationWorkItem> LockNextTaskOrchestrationWorkItemAsync(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        var turn = await storage.LockNextTaskOrchestrationWorkItemAsync(receiveTimeout, cancellationToken);
        turn.NewMessages = [.. turn.NewMessages.OrderBy(message => GivenBack.TryGetValue(message, out _) ? 0 : 1)];
        lock (_gate)
        {
            if (_ended)
            {
                GiveBack(turn, turn.NewMessages);
                throw new OperationCanceledException("This host has ended.");
            }
            _turns.Add(turn, turn.NewMessages);
            turn.NewMessages = [.. turn.NewMessages.Select(message => InOrder(message, turn.OrchestrationRuntimeState.OrchestrationInstance?.ExecutionId))];
        }
        return turn;
    }

    public Task CompleteTaskOrchestrationWorkItemAsync(
        TaskOrchestrationWorkItem workItem, OrchestrationRuntimeState newOrchestrationRuntimeState, IList<TaskMessage> outboundMessages,
        IList<TaskMessage> orchestratorMessages, IList<TaskMessage> timerMessages, TaskMessage continuedAsNewMessage, OrchestrationState orchestrationState) =>
        WhileRunningAsync(() =>
        {
            histories.Keep(workItem.InstanceId, newOrchestrationRuntimeState.Events);
            // Its messages are consumed; only its lock is left.
            _turns[workItem] = [];
            return storage.CompleteTaskOrchestrationWorkItemAsync(
                workItem, newOrchestrationRuntimeState, outboundMessages, orchestratorMessages, timerMessages, continuedAsNewMessage, orchestrationState);
        });

    public Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem) =>
        WhileRunningAsync(() => storage.AbandonTaskOrchestrationWorkItemAsync(workItem));

    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem) => WhileRunningAsync(() =>
    {
        _turns.Remove(workItem);
        return storage.ReleaseTaskOrchestrationWorkItemAsync(workItem);
    });

    public async Task<TaskActivityWorkItem> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        var activity = await storage.LockNextTaskActivityWorkItem(receiveTimeout, cancellationToken);
        lock (_gate)
        {
            if (_ended)
            {
                storage.AbandonTaskActivityWorkItemAsync(activity);
                throw new OperationCanceledException("This host has ended.");
            }
            _activities.Add(activity);
        }
        return activity;
    }

    public Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage) => WhileRunningAsync(() =>
    {
        _activities.Remove(workItem);
        return storage.CompleteTaskActivityWorkItemAsync(workItem, responseMessage);
    });

    public Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem) => WhileRunningAsync(() =>
    {
        _activities.Remove(workItem);
        return storage.AbandonTaskActivityWorkItemAsync(workItem);
    });

    public Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem) => storage.RenewTaskOrchestrationWorkItemLockAsync(workItem);

    public Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem) => storage.RenewTaskActivityWorkItemLockAsync(workItem);

    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) =>
        storage.IsMaxMessageCountExceeded(currentMessageCount, runtimeState);

    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => storage.GetDelayInSecondsAfterOnProcessException(exception);

    public int GetDelayInSecondsAfterOnFetchException(Exception exception) => storage.GetDelayInSecondsAfterOnFetchException(exception);

    public Task StartAsync() => storage.StartAsync();

    public Task StopAsync() => storage.StopAsync();

    public Task StopAsync(bool isForced) => storage.StopAsync(isForced);

    public Task CreateAsync() => storage.CreateAsync();

    public Task CreateAsync(bool recreateInstanceStore) => storage.CreateAsync(recreateInstanceStore);

    public Task CreateIfNotExistsAsync() => storage.CreateIfNotExistsAsync();

    public Task DeleteAsync() => storage.DeleteAsync();

    public Task DeleteAsync(bool deleteInstanceStore) => storage.DeleteAsync(deleteInstanceStore);

    /// <summary>The test server lets external events, which name no execution, wait behind everything that arrived with them; storage providers keep the order.</summary>
    private static TaskMessage InOrder(TaskMessage message, string? executionId) => executionId is null ? message : new TaskMessage
    {
        Event = message.Event,
        SequenceNumber = message.SequenceNumber,
        OrchestrationInstance = new OrchestrationInstance
        {
            InstanceId = message.OrchestrationInstance.InstanceId,
            ExecutionId = message.OrchestrationInstance.ExecutionId ?? executionId,
        },
    };

    private void GiveBack(TaskOrchestrationWorkItem turn, IList<TaskMessage> messages)
    {
        foreach (var message in messages)
        {
            GivenBack.AddOrUpdate(message, message);
        }
        turn.NewMessages = messages;
        storage.AbandonTaskOrchestrationWorkItemAsync(turn);
        storage.ReleaseTaskOrchestrationWorkItemAsync(turn);
    }

    // The in-memory storage has done it when it returns.
    private Task WhileRunningAsync(Func<Task> act)
    {
        lock (_gate)
        {
            return _ended ? Task.CompletedTask : act();
        }
    }
}

/// <summary>The history of each instance's current execution, which the in-memory storage keeps to itself. Thread-safe.</summary>
internal sealed class RecordedHistories
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, IReadOnlyList<HistoryEvent>> _events = new(StringComparer.Ordinal);

    public void Keep(string instanceId, IEnumerable<HistoryEvent> events) => _events[instanceId] = [.. events];

    public IReadOnlyList<HistoryEvent> Of(string instanceId) => _events.GetValueOrDefault(instanceId) ?? [];
}
