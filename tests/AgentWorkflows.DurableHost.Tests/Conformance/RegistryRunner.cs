using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.DurableHost.Engine;
using AgentWorkflows.Functions.Durable;
using Microsoft.DurableTask.Worker.Grpc;

namespace AgentWorkflows.DurableHost.Tests.Conformance;

/// <summary>
/// Runs a test's orchestrators and activities in this process, through the adapter, as the worker of a Functions app does in its own.
/// </summary>
internal sealed class RegistryRunner : IFunctionRunner
{
    private readonly OrchestrationDispatcher _dispatcher;
    private readonly IServiceProvider _services;
    private readonly Dictionary<string, string> _names;

    public RegistryRunner(DurableRegistry registry, IServiceProvider services)
    {
        _dispatcher = new OrchestrationDispatcher(registry, services);
        _services = services;
        Functions =
        [
            .. registry.Orchestrators.Select(orchestrator => orchestrator.Name).Distinct().Select(
                (name, i) => new DurableFunction($"orchestrator{i}", name, DurableFunctionKind.Orchestrator)),
            .. registry.Activities.Select(
                (activity, i) => new DurableFunction($"activity{i}", activity.Name, DurableFunctionKind.Activity)),
        ];
        _names = Functions.ToDictionary(function => function.Function, function => function.Name);
    }

    public IReadOnlyList<DurableFunction> Functions { get; }

    // An orchestrator's code is done when this returns; nothing of it goes on by itself.
    public Task<string> RunOrchestratorAsync(string function, string request, CancellationToken cancellationToken) =>
        Task.FromResult(GrpcOrchestrationRunner.LoadAndRun<JsonElement?, JsonElement?>(
            request, (context, _) => _dispatcher.RunOrchestratorAsync(context), _services));

    public async Task<string?> RunActivityAsync(string function, string instanceId, string? input, CancellationToken cancellationToken)
    {
        try
        {
            var payload = input is null ? (JsonElement?)null : JsonSerializer.Deserialize<JsonElement>(input);
            return (await _dispatcher.RunActivityAsync(_names[function], instanceId, payload, cancellationToken))?.GetRawText();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw WorkerFailedException.Of(exception);
        }
    }
}
