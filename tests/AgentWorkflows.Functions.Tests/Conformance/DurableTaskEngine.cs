using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AgentWorkflows.Conformance;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Tests.Conformance;

/// <summary>The official Durable Task engine with its in-memory storage, in this process; everything goes through the adapter.</summary>
internal sealed class DurableTaskEngine : IEngineUnderTest
{
    private readonly DurableTaskTestHost _host;
    private readonly CancellationTokenSource _stopping;

    private DurableTaskEngine(DurableTaskTestHost host, CancellationTokenSource stopping)
    {
        _host = host;
        _stopping = stopping;
    }

    /// <summary>The in-memory storage ends with its host, and time is real. Instances of every version run.</summary>
    public static EngineCapabilities Capabilities { get; } = new() { ChosenVersionRegistration = true };

    public IOrchestrationClient Client => new OrchestrationClient(() => _host.Client);

    public DurableTaskClient DurableTaskClient => _host.Client;

    public DateTimeOffset UtcNow => TimeProvider.System.GetUtcNow();

    public static async Task<DurableTaskEngine> OpenAsync(DurableRegistry registry, IServiceProvider services)
    {
        var dispatcher = new OrchestrationDispatcher(registry, services);
        var options = new DurableTaskTestHostOptions
        {
            Port = FreePort(),
            LoggerFactory = services.GetRequiredService<ILoggerFactory>(),
        };
        var stopping = new CancellationTokenSource();
        return new DurableTaskEngine(
            await DurableTaskTestHost.StartAsync(tasks => Register(tasks, registry, dispatcher, stopping.Token), options), stopping);
    }

    public static async Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => await OpenAsync(registry, services);

    public Task RestartAsync(TimeSpan downtime) => throw new NotSupportedException("The in-memory storage ends with its host.");

    public Task AdvanceAsync(TimeSpan by) => Task.Delay(by);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _host.DisposeAsync();
        _stopping.Dispose();
    }

    private static void Register(DurableTaskRegistry tasks, DurableRegistry registry, OrchestrationDispatcher dispatcher, CancellationToken stopping)
    {
        foreach (var name in registry.Orchestrators.Select(orchestrator => orchestrator.Name).Distinct())
        {
            tasks.AddOrchestratorFunc<JsonElement?, JsonElement?>(name, (context, _) => dispatcher.RunOrchestratorAsync(context));
        }
        foreach (var activity in registry.Activities)
        {
            tasks.AddActivityFunc<JsonElement?, JsonElement?>(
                activity.Name, (context, input) => dispatcher.RunActivityAsync(activity.Name, context.InstanceId, input, stopping));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
