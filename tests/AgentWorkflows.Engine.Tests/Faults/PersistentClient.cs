using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Tests.Faults;

/// <summary>
/// A client that asks again when an engine died on it. What a lost answer said it learns from the store that lost it, so that nothing is asked for twice
/// and the scenario sees what it would have seen.
/// </summary>
internal sealed class PersistentClient(DisturbedEngine host) : IOrchestrationClient
{
    public Task<StartOutcome> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input, StartOrchestrationOptions? options = null, CancellationToken cancellationToken = default) =>
        AskAsync<StartOutcome>(
            engine => engine.ScheduleNewOrchestrationInstanceAsync(orchestratorName, input, options, cancellationToken),
            operation => operation is StartOperation start && start.Instance.Name == orchestratorName && start.Instance.Parent is null
                && start.Instance.Id == (options?.InstanceId ?? start.Instance.Id)
                ? start.Existing is { } status ? new StartOutcome.DuplicateStart(start.Instance.Id, status) : new StartOutcome.Started(start.Instance.Id)
                : null);

    public Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) =>
        AskAsync(engine => engine.GetInstanceAsync(instanceId, getInputsAndOutputs, cancellationToken));

    public Task<OrchestrationPage> QueryInstancesAsync(OrchestrationQuery query, CancellationToken cancellationToken = default) =>
        AskAsync(engine => engine.QueryInstancesAsync(query, cancellationToken));

    public Task<CommandOutcome> RaiseEventAsync(string instanceId, string eventName, object? payload, CancellationToken cancellationToken = default)
    {
        var raised = new EventRaised(eventName, Payload.Write(payload, null, 1 << 26, "The payload"));
        return TellAsync(instanceId, engine => engine.RaiseEventAsync(instanceId, eventName, payload, cancellationToken), events => Holds(events, raised));
    }

    public Task<CommandOutcome> SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        TellAsync(instanceId, engine => engine.SuspendInstanceAsync(instanceId, reason, cancellationToken));

    public Task<CommandOutcome> ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        TellAsync(instanceId, engine => engine.ResumeInstanceAsync(instanceId, reason, cancellationToken));

    public Task<CommandOutcome> TerminateInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        AskAsync<CommandOutcome?>(
            async engine => await engine.TerminateInstanceAsync(instanceId, reason, cancellationToken),
            operation => operation is TerminateOperation terminate && terminate.InstanceId == instanceId ? terminate.Outcome : null).Given();

    public Task<CommandOutcome> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken = default) =>
        AskAsync<CommandOutcome?>(
            async engine => await engine.PurgeInstanceAsync(instanceId, cancellationToken),
            operation => operation is PurgeOperation purge && purge.InstanceId == instanceId ? purge.Outcome : null).Given();

    public Task<OrchestrationMetadata?> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) =>
        AskAsync(engine => engine.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs, cancellationToken));

    public Task<IReadOnlyList<HistoryEntry>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default) =>
        AskAsync(engine => engine.GetHistoryAsync(instanceId, cancellationToken));

    private Task<T> AskAsync<T>(Func<EmbeddedEngine, Task<T>> ask) => AskAsync(ask, _ => default);

    /// <summary>
    /// An instance that ran when it was told, and has ended before it was told again, ended with what it was told the first time, or of something else
    /// meanwhile. One whose code does not fit is found out by whatever loads it first.
    /// </summary>
    private async Task<CommandOutcome> TellAsync(
        string instanceId, Func<EmbeddedEngine, Task<CommandOutcome>> tell, Func<ReadOnlyMemory<byte>, bool>? wasTold = null)
    {
        var asked = 0;
        var hadEnded = (await GetInstanceAsync(instanceId))?.Status.IsTerminal() == true;
        var outcome = await AskAsync(
            engine =>
            {
                asked++;
                return tell(engine);
            },
            _ => null,
            events => wasTold?.Invoke(events) == true ? CommandOutcome.Accepted : null);
        if (outcome != CommandOutcome.AlreadyFinished)
        {
            return outcome;
        }
        var diverged = (await GetInstanceAsync(instanceId))?.Failure?.ErrorType == DurableErrorTypes.Divergence;
        return diverged || (asked > 1 && !hadEnded) ? CommandOutcome.Accepted : outcome;
    }

    private async Task<T> AskAsync<T>(
        Func<EmbeddedEngine, Task<T>> ask, Func<StoreOperation, object?> lost, Func<ReadOnlyMemory<byte>, object?>? lostEvents = null)
    {
        while (true)
        {
            var engine = await host.RunningAsync();
            try
            {
                return await ask(engine);
            }
            catch (Exception e) when (e is InjectedFaultException || (e is ObjectDisposedException && !host.IsClosed))
            {
                if (host.TakeLostAnswer(lost, lostEvents) is { } answer)
                {
                    return (T)answer;
                }
            }
        }
    }

    private static bool Holds(ReadOnlyMemory<byte> record, EventRaised raised)
    {
        var events = new List<HistoryEvent>();
        HistoryCodec.Read(record, events);
        return events.OfType<EventRaised>().Any(e => e.Name == raised.Name && e.Payload.Span.SequenceEqual(raised.Payload.Span));
    }
}

internal static class Outcomes
{
    public static async Task<CommandOutcome> Given(this Task<CommandOutcome?> outcome) => (await outcome)!.Value;
}
