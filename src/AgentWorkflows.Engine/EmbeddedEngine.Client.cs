using System.Globalization;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Dispatch;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Replay;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine;

public sealed partial class EmbeddedEngine
{
    /// <exception cref="DurableException">The input cannot be written as JSON, or is larger than <see cref="EngineOptions.MaxPayloadBytes"/>.</exception>
    public async Task<StartOutcome> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input, StartOrchestrationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName);
        var id = options?.InstanceId ?? Guid.CreateVersion7(_core.Time.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture);
        InstanceIds.Require(id, nameof(options));
        var now = _core.Now;
        // A start that is due already is an ordinary one.
        var startAt = options?.StartAt is { } wanted && wanted.UtcTicks > now ? wanted.UtcTicks : (long?)null;
        var json = Payload.Write(input, null, _options.MaxPayloadBytes, $"The input of orchestrator '{orchestratorName}'");
        var instance = new NewInstance(id, orchestratorName, options?.Version ?? _options.DefaultVersion, now, startAt, null, json);
        var start = await WriteAsync(new StartOperation(instance), Started, cancellationToken);
        return start.Existing is { } status ? new StartOutcome.DuplicateStart(id, status) : new StartOutcome.Started(id);
    }

    public Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) =>
        ReadAsync(
            instanceId,
            (store, id) => getInputsAndOutputs
                ? store.LoadEnds(id) is { } stored ? InstanceView.WithPayloads(stored) : null
                : store.Find(id) is { } row ? InstanceView.Of(row) : null,
            cancellationToken);

    public Task<OrchestrationPage> QueryInstancesAsync(OrchestrationQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.PageSize is < 1 or > OrchestrationQuery.MaxPageSize)
        {
            throw new ArgumentException($"PageSize is {query.PageSize}; allowed: 1 to {OrchestrationQuery.MaxPageSize}.", nameof(query));
        }
        var after = InstanceView.ParseToken(query.ContinuationToken);
        return ReadAsync((query, after), static (store, page) =>
        {
            // One more than asked for: so that a last page that is exactly full has no token.
            var rows = store.Query(page.query with { PageSize = page.query.PageSize + 1 }, page.after);
            var shown = rows.Take(page.query.PageSize).Select(InstanceView.Of).ToArray();
            return new OrchestrationPage(shown, rows.Count > shown.Length ? InstanceView.Token(rows[shown.Length - 1]) : null);
        }, cancellationToken);
    }

    /// <exception cref="DurableException">The payload cannot be written as JSON, or is larger than <see cref="EngineOptions.MaxPayloadBytes"/>.</exception>
    public Task<CommandOutcome> RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var json = Payload.Write(payload, null, _options.MaxPayloadBytes, $"The payload of event '{eventName}'");
        return TellAsync(instanceId, new RaiseCommand(new EventRaised(eventName, json)), cancellationToken);
    }

    public Task<CommandOutcome> SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        TellAsync(instanceId, new SuspendCommand(reason), cancellationToken);

    /// <summary>Also tries an instance again that failed because its code did not fit its history.</summary>
    public Task<CommandOutcome> ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        TellAsync(instanceId, new ResumeCommand(reason), cancellationToken);

    public async Task<CommandOutcome> TerminateInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return (await WriteAsync(new TerminateOperation(instanceId, reason, _core.Now), Terminated, cancellationToken)).Outcome;
    }

    public async Task<CommandOutcome> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return (await WriteAsync(new PurgeOperation(instanceId), Purged, cancellationToken)).Outcome;
    }

    public async Task<OrchestrationMetadata?> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            var waiter = _core.Waiters.Register(instanceId);
            try
            {
                // Registered first, read then: an end between the two is not missed.
                var metadata = await GetInstanceAsync(instanceId, getInputsAndOutputs, cancellationToken);
                if (metadata is null || metadata.Status.IsTerminal())
                {
                    return metadata;
                }
                await waiter.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                _core.Waiters.Release(instanceId, waiter);
            }
        }
    }

    public Task<IReadOnlyList<HistoryEntry>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default) =>
        ReadAsync(instanceId, static (store, id) => store.Load(id) is { } stored ? InstanceView.History(stored) : null, cancellationToken);

    private void Started(StartOperation start)
    {
        if (start.Existing is null && start.Instance.StartAt is null)
        {
            _core.Instances.Start(start.Instance.Id);
        }
        else if (start.Existing is null)
        {
            _core.Timers.Schedule(start.Instance.Id, start.Instance.StartAt!.Value);
        }
    }

    private void Terminated(TerminateOperation terminate)
    {
        foreach (var id in terminate.Ended)
        {
            _core.Instances.Retire(id);
            _core.Waiters.Ended(id);
        }
        if (terminate.Outcome == CommandOutcome.Accepted && terminate.Parent is { } parent)
        {
            var failure = new SubOrchestrationFailed(parent.TaskId, Ending.Terminated(terminate.Reason));
            _core.Instances.Deliver(parent.InstanceId, new ChildDone(parent, failure, terminate.InstanceId));
        }
    }

    private void Purged(PurgeOperation purge)
    {
        foreach (var id in purge.Purged)
        {
            _core.Instances.Retire(id);
            _core.Waiters.Ended(id);
        }
    }

    private async Task<CommandOutcome> TellAsync(string instanceId, Command command, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        _core.Instances.Deliver(instanceId, command);
        return await command.Answered.WaitAsync(cancellationToken);
    }

    private Task<TResult> ReadAsync<TArgument, TResult>(
        TArgument argument, Func<IInstanceStore, TArgument, TResult> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(argument);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(read(_store, argument));
    }
}
