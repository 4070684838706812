using System.Net;
using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using DurableTask.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing.Sidecar;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Functions.Tests.Conformance;

/// <summary>One run of the official engine: its dispatchers behind gRPC, and a worker with the adapter's orchestrators and activities.</summary>
internal sealed class DurableTaskHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly LeasedOrchestrationService _lease;
    private readonly WebApplication _hub;
    private IHost? _worker;
    private GrpcChannel? _channel;

    private DurableTaskHost(WebApplication hub, LeasedOrchestrationService lease)
    {
        _hub = hub;
        _lease = lease;
    }

    public DurableTaskClient Client => _worker!.Services.GetRequiredService<DurableTaskClient>();

    public static async Task<DurableTaskHost> StartAsync(
        InMemoryOrchestrationService storage, RecordedHistories histories, TaskHubRequests requests, DurableRegistry registry, IServiceProvider services)
    {
        var lease = new LeasedOrchestrationService(storage, histories);
        var host = new DurableTaskHost(BuildHub(lease, storage, histories, requests), lease);
        await host._hub.StartAsync();
        var address = host._hub.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        host._channel = GrpcChannel.ForAddress(address);
        host._worker = BuildWorker(host._channel, registry, new OrchestrationDispatcher(registry, services), services.GetRequiredService<ILoggerFactory>(), host._stopping.Token);
        await host._worker.StartAsync();
        return host;
    }

    /// <summary>From here on nothing this host does has an effect.</summary>
    public async ValueTask DisposeAsync()
    {
        _lease.End();
        await _stopping.CancelAsync();
        await _worker!.StopAsync();
        _worker.Dispose();
        _channel!.Dispose();
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplication BuildHub(
        LeasedOrchestrationService lease, InMemoryOrchestrationService storage, RecordedHistories histories, TaskHubRequests requests)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        // A client may still wait for an instance; its call ends with its host.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(200));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<IOrchestrationService>(lease).AddSingleton<IOrchestrationServiceClient>(storage);
        builder.Services.AddSingleton(histories).AddSingleton(requests).AddSingleton<TestTaskHub>();
        var app = builder.Build();
        app.MapGrpcService<TestTaskHub>();
        return app;
    }

    private static IHost BuildWorker(
        GrpcChannel channel, DurableRegistry registry, OrchestrationDispatcher dispatcher, ILoggerFactory loggers, CancellationToken stopping)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        builder.Services.AddDurableTaskWorker(worker =>
        {
            worker.UseGrpc(channel);
            worker.AddTasks(tasks => Register(tasks, registry, dispatcher, stopping));
        });
        builder.Services.AddDurableTaskClient(client =>
        {
            client.UseGrpc(channel);
            client.RegisterDirectly();
        });
        return builder.Build();
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
}
