using AgentWorkflows.Durability;
using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Metadata = AgentWorkflows.Durability.OrchestrationMetadata;
using Query = AgentWorkflows.Durability.OrchestrationQuery;
using StartOptions = AgentWorkflows.Durability.StartOrchestrationOptions;

namespace AgentWorkflows.Functions.Durable;

/// <summary>The port over Durable Task's client.</summary>
/// <param name="current">The client of the running invocation: it talks to this host.</param>
/// <param name="hostVersion">What instances get that are started without a version; <c>null</c> leaves that to the host.</param>
internal sealed class OrchestrationClient(Func<DurableTaskClient> current, string? hostVersion = null) : IOrchestrationClient
{
    /// <summary>Every status: an id is used once, until it is purged.</summary>
    private static readonly string[] AllStatuses = Enum.GetNames<OrchestrationStatus>();

    public async Task<StartOutcome> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input, StartOptions? options = null, CancellationToken cancellationToken = default)
    {
        var client = current();
        if (options?.InstanceId is { } chosen && await client.GetInstanceAsync(chosen, false, cancellationToken) is { } existing)
        {
            return new StartOutcome.DuplicateStart(chosen, InstanceView.StatusOf(existing.RuntimeStatus));
        }
        var start = new Microsoft.DurableTask.StartOrchestrationOptions(options?.InstanceId, options?.StartAt)
        {
            Version = VersionOf(options?.Version ?? hostVersion),
            Tags = InstanceView.TagsOf(options?.Version ?? hostVersion),
            DedupeStatuses = options?.InstanceId is null ? null : AllStatuses,
        };
        try
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync(
                new TaskName(orchestratorName), DurablePayload.Write(input, $"The input of orchestrator '{orchestratorName}'"), start, cancellationToken);
            return new StartOutcome.Started(id);
        }
        catch (OrchestrationAlreadyExistsException) when (options?.InstanceId is not null)
        {
            var found = await client.GetInstanceAsync(options.InstanceId, false, cancellationToken);
            return new StartOutcome.DuplicateStart(
                options.InstanceId, found is null ? OrchestrationStatus.Pending : InstanceView.StatusOf(found.RuntimeStatus));
        }
    }

    /// <summary>
    /// None is none: an instance without a version gets the host's <c>defaultVersion</c>. Written with both types, because a bare <c>null</c> beside a
    /// <see cref="TaskVersion"/> becomes an empty version, which is one of its own.
    /// </summary>
    internal static TaskVersion? VersionOf(string? version) => version is null ? default(TaskVersion?) : new TaskVersion(version);

    public async Task<Metadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default) =>
        // The custom status comes only with the payloads.
        await current().GetInstanceAsync(instanceId, true, cancellationToken) is { } found
            ? InstanceView.Of(found, getInputsAndOutputs, hostVersion)
            : null;

    public Task<OrchestrationPage> QueryInstancesAsync(Query query, CancellationToken cancellationToken = default) =>
        InstanceQuery.RunAsync(current(), query, hostVersion, cancellationToken);

    public async Task<CommandOutcome> RaiseEventAsync(
        string instanceId, string eventName, object? payload, CancellationToken cancellationToken = default)
    {
        var written = DurablePayload.Write(payload, $"Event '{eventName}'");
        return await UnlessFinishedAsync(instanceId, client => client.RaiseEventAsync(instanceId, eventName, written, cancellationToken), cancellationToken);
    }

    public Task<CommandOutcome> SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        UnlessFinishedAsync(instanceId, client => UnlessThereAsync(client.SuspendInstanceAsync(instanceId, reason, cancellationToken)), cancellationToken);

    public Task<CommandOutcome> ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        UnlessFinishedAsync(instanceId, client => UnlessThereAsync(client.ResumeInstanceAsync(instanceId, reason, cancellationToken)), cancellationToken);

    public Task<CommandOutcome> TerminateInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        UnlessFinishedAsync(
            instanceId,
            async client =>
            {
                var children = await Descendants.OfAsync(client, instanceId, cancellationToken);
                // Each parent before its children: one that learns first that its child was ended would fail of that.
                foreach (var id in children.Reverse().Prepend(instanceId))
                {
                    await client.TerminateInstanceAsync(id, new TerminateInstanceOptions(reason), cancellationToken);
                }
            },
            cancellationToken);

    public async Task<CommandOutcome> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        var client = current();
        if (await client.GetInstanceAsync(instanceId, false, cancellationToken) is not { } found)
        {
            return CommandOutcome.NotFound;
        }
        if (!found.IsCompleted)
        {
            return CommandOutcome.StillRunning;
        }
        var children = await Descendants.OfAsync(client, instanceId, cancellationToken);
        foreach (var id in children.Append(instanceId))
        {
            await client.PurgeInstanceAsync(id, new PurgeInstanceOptions(), cancellationToken);
        }
        return CommandOutcome.Accepted;
    }

    public async Task<Metadata?> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellationToken = default)
    {
        var client = current();
        try
        {
            return await client.GetInstanceAsync(instanceId, false, cancellationToken) is null
                ? null
                : InstanceView.Of(await client.WaitForInstanceCompletionAsync(instanceId, true, cancellationToken), getInputsAndOutputs, hostVersion);
        }
        catch (Exception e) when (e is not OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            // The transport has words of its own for it.
            throw new OperationCanceledException("The wait for the instance's end was cancelled.", e, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<HistoryEntry>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        var client = current();
        return await client.GetInstanceAsync(instanceId, false, cancellationToken) is null
            ? null
            : HistoryView.Of(await client.GetOrchestrationHistoryAsync(instanceId, cancellationToken));
    }

    /// <summary>The durable extension takes it for an error to suspend what is suspended, or to resume what is not.</summary>
    private static async Task UnlessThereAsync(Task command)
    {
        try
        {
            await command;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            // What was asked for is so.
        }
    }

    private async Task<CommandOutcome> UnlessFinishedAsync(string instanceId, Func<DurableTaskClient, Task> command, CancellationToken cancellationToken)
    {
        var client = current();
        switch (await client.GetInstanceAsync(instanceId, false, cancellationToken))
        {
            case null:
                return CommandOutcome.NotFound;
            case { IsCompleted: true }:
                return CommandOutcome.AlreadyFinished;
            default:
                await command(client);
                return CommandOutcome.Accepted;
        }
    }
}
