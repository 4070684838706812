using AgentWorkflows.Azure.Tests;
using AgentWorkflows.Conformance;
using AgentWorkflows.Durability;
using AgentWorkflows.DurableHost.Engine;
using AgentWorkflows.Functions.Durable;
using Grpc.Net.Client;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.DurableHost.Tests.Conformance;

/// <summary>
/// The official engine on its Azure Storage provider, with a task hub of its own in the storage emulator; everything goes through the
/// adapter.
/// </summary>
internal sealed class EngineOnAzurite : IEngineUnderTest
{
    private readonly RegistryRunner _runner;
    private readonly string _hub = $"Conf{Guid.NewGuid():N}"[..20];
    private OfficialEngine _engine = null!;
    private GrpcChannel _channel = null!;
    private ServiceProvider _client = null!;

    private EngineOnAzurite(RegistryRunner runner) => _runner = runner;

    /// <summary>Time is real, and the queues count it in whole seconds. Instances of every version run.</summary>
    public static EngineCapabilities Capabilities { get; } = new()
    {
        Restart = true,
        DivergenceDetection = true,
        ChosenVersionRegistration = true,
        History = true,
        ScheduledStart = true,
        CommandsReachChildren = true,
        KeepsUnprocessedEvents = true,
        Early = TimeSpan.FromSeconds(1),
    };

    public IOrchestrationClient Client => new OrchestrationClient(() => _client.GetRequiredService<DurableTaskClient>());

    public DateTimeOffset UtcNow => TimeProvider.System.GetUtcNow();

    public static async Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services)
    {
        var engine = new EngineOnAzurite(new RegistryRunner(registry, services));
        await engine.StartAsync();
        return engine;
    }

    public async Task RestartAsync(TimeSpan downtime)
    {
        await DisposeAsync();
        await Task.Delay(downtime);
        await StartAsync();
    }

    public Task AdvanceAsync(TimeSpan by) => Task.Delay(by);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _channel.Dispose();
        await _engine.DisposeAsync();
    }

    private async Task StartAsync()
    {
        var settings = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = (await Azurite.GetAsync()).ConnectionString };
        _engine = await OfficialEngine.StartAsync(settings, HostJson(_hub), _runner.Functions, _runner, _ => { });
        _channel = GrpcChannel.ForAddress(_engine.RpcEndpoint);
        _client = new ServiceCollection()
            .AddSingleton<ILoggerFactory, LoggerFactory>().AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddDurableTaskClient(client => client.UseGrpc(_channel).RegisterDirectly())
            .BuildServiceProvider();
    }

    /// <summary>One control queue, looked at often: the suite is about what happens, not about load.</summary>
    private static Dictionary<string, string?> HostJson(string hub) => new()
    {
        ["extensions:durableTask:hubName"] = hub,
        ["extensions:durableTask:versionMatchStrategy"] = "None",
        ["extensions:durableTask:storageProvider:partitionCount"] = "1",
        ["extensions:durableTask:storageProvider:maxQueuePollingInterval"] = "00:00:00.1",
        ["extensions:durableTask:storageProvider:controlQueueVisibilityTimeout"] = "00:01:00",
        ["extensions:durableTask:storageProvider:workItemQueueVisibilityTimeout"] = "00:01:00",
        ["extensions:durableTask:storageProvider:useTablePartitionManagement"] = "true",
    };
}
