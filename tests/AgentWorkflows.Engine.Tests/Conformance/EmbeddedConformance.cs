using AgentWorkflows.Conformance;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests.Conformance;

public sealed class EmbeddedActivities : ActivitiesConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedCommands : CommandsConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedContinueAsNew : ContinueAsNewConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedExternalEvents : ExternalEventsConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedLifecycle : LifecycleConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedQueries : QueriesConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedReplay : ReplayConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedRestart : RestartConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedRetries : RetriesConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedSubOrchestrations : SubOrchestrationsConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}

public sealed class EmbeddedTimers : TimersConformance
{
    protected override EngineCapabilities Capabilities => EngineCapabilities.All;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => EmbeddedEngineUnderTest.StartAsync(registry, services);
}
