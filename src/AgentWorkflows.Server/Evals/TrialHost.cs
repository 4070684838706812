using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Evals;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Tools;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflows.Server.Evals;

/// <summary>
/// The program once more, for one trial: its services from the same registrations, over a temporary data folder, with an engine of its own. Nobody is told anything: there are no
/// channels and no telemetry leaves.
/// </summary>
internal sealed class TrialHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string _folder;

    private TrialHost(ServiceProvider services, string folder) => (_services, _folder) = (services, folder);

    public IServiceProvider Services => _services;

    public TrialTools Tools => (TrialTools)_services.GetRequiredService<IToolCatalog>();

    public TrialModels Models => (TrialModels)_services.GetRequiredService<IChatModelCatalog>();

    public static async Task<TrialHost> OpenAsync(EvalSetup setup, EvalCase wanted, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("agentworkflows-eval-").FullName;
        var services = new ServiceCollection();
        foreach (var service in setup.Program.App.Services.GetRequiredService<IAgentWorkflowsBuilder>().Services)
        {
            ((ICollection<ServiceDescriptor>)services).Add(service);
        }
        services.RemoveAll<IApprovalChannel>().RemoveAll<IBulletinChannel>();
        services.Replace(ServiceDescriptor.Singleton(new DataFolder(folder)));
        services.Replace(ServiceDescriptor.Singleton<IConfiguration>(setup.Program.App.Configuration));
        if (setup.AgentsDirectory is { } agents)
        {
            services.Replace(ServiceDescriptor.Singleton(_ => new AgentFolders([agents])));
        }
        var recorded = setup.RecordedModel && wanted.Recording is not null;
        Around<IToolCatalog>(services, (provider, inner) => new TrialTools(inner, wanted, name => setup.AllowEffects || Sandbox.MayRun(setup.Agent, name, setup.Sandboxed)));
        Around<IChatModelCatalog>(services, (_, inner) => new TrialModels(recorded ? new RecordedModel(wanted.Recording!) : inner));
        Around<IAgentCatalog>(services, (_, inner) => new TrialAgents(inner, agent => AgentOf(setup, wanted, agent, recorded)));
        var host = new TrialHost(services.BuildServiceProvider(), folder);
        host._services.GetRequiredService<LogChoice>().Choose(LogLevel.Critical, json: false);
        await host._services.GetRequiredService<EmbeddedHost>().OpenAsync(cancellationToken, telemetry: false);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<EmbeddedHost>().DisposeAsync();
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A tool that was abandoned may still have a file open; the folder is a temporary one.
        }
    }

    private static AgentDefinition AgentOf(EvalSetup setup, EvalCase wanted, AgentDefinition agent, bool recorded)
    {
        if (setup.Model is { } model)
        {
            agent = agent with { Models = agent.Models.ToDictionary(route => route.Key, route => route.Value with { Deployment = model, Simple = null }) };
        }
        agent = wanted.Recording is null ? agent : RecordedModel.WithFreeTools(agent);
        return recorded ? RecordedModel.Free(agent) : agent;
    }

    private static void Around<TService>(IServiceCollection services, Func<IServiceProvider, TService, TService> around)
        where TService : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(TService));
        services.Replace(ServiceDescriptor.Singleton(provider => around(provider, (TService)(
            inner.ImplementationInstance ?? inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)))));
    }

    private sealed class TrialAgents(IAgentCatalog inner, Func<AgentDefinition, AgentDefinition> change) : IAgentCatalog
    {
        public IReadOnlyCollection<AgentDefinition> Agents => [.. inner.Agents.Select(change)];

        public AgentDefinition? Find(string name) => inner.Find(name) is { } agent ? change(agent) : null;
    }
}
