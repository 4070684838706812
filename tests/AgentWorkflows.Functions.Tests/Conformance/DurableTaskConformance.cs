using AgentWorkflows.Conformance;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Functions.Tests.Conformance;

public sealed class DurableTaskActivities : ActivitiesConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskCommands : CommandsConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskContinueAsNew : ContinueAsNewConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskExternalEvents : ExternalEventsConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskLifecycle : LifecycleConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskQueries : QueriesConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskReplay : ReplayConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskRestart : RestartConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskRetries : RetriesConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskSubOrchestrations : SubOrchestrationsConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}

public sealed class DurableTaskTimers : TimersConformance
{
    protected override EngineCapabilities Capabilities => DurableTaskEngine.Capabilities;

    protected override Task<IEngineUnderTest> StartAsync(DurableRegistry registry, IServiceProvider services) => DurableTaskEngine.StartAsync(registry, services);
}
