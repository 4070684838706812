using System.Text.Json;
using AgentWorkflows.Durability;
using Microsoft.DurableTask;

namespace AgentWorkflows.Functions.Durable;

/// <summary>Runs the registered orchestrators and activities by wire name: what every function of this host does. Thread-safe.</summary>
internal sealed class OrchestrationDispatcher(DurableRegistry registry, IServiceProvider services)
{
    /// <summary>Runs on the orchestration's own thread: nothing here or below may leave it.</summary>
    public async Task<JsonElement?> RunOrchestratorAsync(TaskOrchestrationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var name = context.Name.Name;
        var input = context.GetInput<JsonElement?>();
        try
        {
            if (!registry.TryGetOrchestrator(name, context.Version ?? "", out var registration))
            {
                throw new DurableException(DurableErrorTypes.NotRegistered, $"No orchestrator is registered as '{name}'.", isNonRetryable: true);
            }
            var adapter = new OrchestrationContext(context);
            var output = await RunAsync(registration, adapter, DurablePayload.Read(input, registration.InputType, $"The input of orchestrator '{name}'"));
            return adapter.ContinuedAsNew ? null : DurablePayload.Write(output, $"The output of orchestrator '{name}'");
        }
        catch (Exception exception) when (exception is not RecordedFailure)
        {
            throw RecordedFailure.Of(exception);
        }
    }

    private async Task<object?> RunAsync(OrchestratorRegistration registration, OrchestrationContext context, object? input)
    {
        try
        {
            return await registration.RunAsync(services, context, input);
        }
        finally
        {
            context.CancelTimers();
        }
    }

    public async Task<JsonElement?> RunActivityAsync(string name, string instanceId, JsonElement? input, CancellationToken cancellationToken)
    {
        try
        {
            if (!registry.TryGetActivity(name, out var registration))
            {
                throw new DurableException(DurableErrorTypes.NotRegistered, $"No activity is registered as '{name}'.", isNonRetryable: true);
            }
            var output = await registration.RunAsync(
                services, new Activity(name, instanceId), DurablePayload.Read(input, registration.InputType, $"The input of activity '{name}'"),
                cancellationToken);
            return DurablePayload.Write(output, $"The output of activity '{name}'");
        }
        catch (Exception exception) when (exception is not RecordedFailure && !cancellationToken.IsCancellationRequested)
        {
            throw RecordedFailure.Of(exception);
        }
    }

    private sealed record Activity(string Name, string InstanceId) : IActivityContext;
}
