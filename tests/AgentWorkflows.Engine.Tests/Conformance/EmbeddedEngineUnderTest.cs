using AgentWorkflows.Conformance;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Tests.Faults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Engine.Tests.Conformance;

/// <summary>The embedded engine on a temporary file, with a clock that only the test moves.</summary>
internal sealed class EmbeddedEngineUnderTest : IEngineUnderTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentworkflows-conformance-");
    private readonly FakeTimeProvider _clock = new();
    private readonly DurableRegistry _registry;
    private readonly IServiceProvider _services;
    private EmbeddedEngine _engine = null!;

    private EmbeddedEngineUnderTest(DurableRegistry registry, IServiceProvider services)
    {
        _registry = registry;
        _services = services;
    }

    public IOrchestrationClient Client => _engine;

    public DateTimeOffset UtcNow => _clock.GetUtcNow();

    public static async Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services)
    {
        if (FaultRun.Current is { } disturbed)
        {
            return await DisturbedEngine.StartAsync(disturbed, registry, services);
        }
        var engine = new EmbeddedEngineUnderTest(registry, services);
        await engine.OpenAsync();
        return engine;
    }

    public async Task RestartAsync(TimeSpan downtime)
    {
        await _engine.DisposeAsync();
        _clock.Advance(downtime);
        await OpenAsync();
    }

    public Task AdvanceAsync(TimeSpan by)
    {
        _clock.Advance(by);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task OpenAsync() => _engine = await EmbeddedEngine.OpenAsync(
        new EngineOptions { DatabasePath = Path.Combine(_folder.FullName, "engine.db") }, _registry, _services, _clock,
        _services.GetRequiredService<ILoggerFactory>());
}
