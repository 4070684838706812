using AgentWorkflows.Conformance;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing.Sidecar;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentWorkflows.Functions.Tests.Conformance;

/// <summary>The official Durable Task engine with its in-memory storage, in this process; everything goes through the adapter.</summary>
internal sealed class DurableTaskEngine : IEngineUnderTest
{
    private readonly InMemoryOrchestrationService _storage = new(NullLoggerFactory.Instance);
    private readonly RecordedHistories _histories = new();
    private readonly DurableRegistry _registry;
    private readonly IServiceProvider _services;
    private DurableTaskHost _host = null!;

    private DurableTaskEngine(DurableRegistry registry, IServiceProvider services)
    {
        _registry = registry;
        _services = services;
    }

    /// <summary>
    /// Time is real. Instances of every version run. Events that a generation leaves unprocessed are lost: the in-memory service drops what a generation sends
    /// to itself.
    /// </summary>
    public static EngineCapabilities Capabilities { get; } = new()
    {
        Restart = true,
        DivergenceDetection = true,
        ChosenVersionRegistration = true,
        History = true,
        ScheduledStart = true,
        CommandsReachChildren = true,
        TellsStartsApart = true,
        TellsUnregisteredCalls = true,
        OrdersLateTimers = true,
    };

    public IOrchestrationClient Client => new OrchestrationClient(() => _host.Client);

    public DurableTaskClient DurableTaskClient => _host.Client;

    public RecordedHistories Histories => _histories;

    public TaskHubRequests Requests { get; } = new();

    public DateTimeOffset UtcNow => TimeProvider.System.GetUtcNow();

    public static async Task<DurableTaskEngine> OpenAsync(DurableRegistry registry, IServiceProvider services)
    {
        var engine = new DurableTaskEngine(registry, services);
        await engine.StartAsync();
        return engine;
    }

    public static async Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => await OpenAsync(registry, services);

    public async Task RestartAsync(TimeSpan downtime)
    {
        await _host.DisposeAsync();
        await Task.Delay(downtime);
        await StartAsync();
    }

    public Task AdvanceAsync(TimeSpan by) => Task.Delay(by);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task StartAsync() => _host = await DurableTaskHost.StartAsync(_storage, _histories, Requests, _registry, _services);
}
