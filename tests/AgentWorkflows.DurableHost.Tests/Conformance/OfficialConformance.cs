using AgentWorkflows.Conformance;
using AgentWorkflows.Durability;

namespace AgentWorkflows.DurableHost.Tests.Conformance;

public sealed class OfficialActivities : ActivitiesConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialCommands : CommandsConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialContinueAsNew : ContinueAsNewConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialExternalEvents : ExternalEventsConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialLifecycle : LifecycleConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialQueries : QueriesConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialReplay : ReplayConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialRestart : RestartConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialRetries : RetriesConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialSubOrchestrations : SubOrchestrationsConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}

public sealed class OfficialTimers : TimersConformance
{
    protected override EngineCapabilities Capabilities => EngineOnAzurite.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) =>
        EngineOnAzurite.StartAsync(registry, services);
}
