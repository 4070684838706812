using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Hosting.Settings;
using AgentWorkflows.Models;
using AgentWorkflows.Operations;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Hosting;

/// <summary>The front door.</summary>
public static class AgentWorkflowsBuilder
{
    /// <summary>
    /// Every service of the product that is the same on every host. What a host, or whoever builds one, has to add yet is checked at start: what is missing is named,
    /// with the call that adds it.
    /// </summary>
    /// <param name="configuration">The settings stand in its section <c>AgentWorkflows</c>, also as environment variables such as <c>AgentWorkflows__Costs__UserPerDay</c>.</param>
    public static IAgentWorkflowsBuilder AddAgentWorkflows(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (services.FirstOrDefault(service => service.ServiceType == typeof(IAgentWorkflowsBuilder))?.ImplementationInstance is IAgentWorkflowsBuilder before)
        {
            return before;
        }
        var builder = new Builder(services, configuration);
        services.AddSingleton<IAgentWorkflowsBuilder>(builder);
        services.AddSingleton(new SettingsSources(configuration));
        AddSettings(builder);
        AddRequired(services);
        services.TryAddSingleton<PlaybookModel>();
        services.TryAddSingleton(provider => new AgentFolders(provider.GetServices<AddedAgents>().Select(added => added.Folder)));
        services.TryAddSingleton<IAgentCatalog>(provider => new HostAgents(
            provider.GetRequiredService<AgentFolders>(), provider.GetRequiredService<HostToolSources>(), provider.GetRequiredService<IToolCatalog>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetService<IChatModelCatalog>(), provider.GetService<ILoggerFactory>()));
        services.TryAddSingleton<HostToolSources>();
        services.TryAddSingleton<ToolInventory>();
        services.TryAddSingleton(provider => provider.GetRequiredService<HostToolSources>().Sources);
        services.TryAddSingleton<IToolCatalog>(provider => new ToolCatalog(
            provider.GetServices<ProgramTools>().SelectMany(tools => tools.Create(provider)), provider.GetRequiredService<ToolSources>()));
        services.TryAddSingleton<MaintenanceJobs>();
        services.TryAddSingleton(provider => new MaintenanceLoop(
            provider.GetRequiredService<MaintenanceJobs>().All, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<MaintenanceLoop>>()));
        services.AddOptions<StartupCheckOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StartupCheckOptions>, StartupCheck>());
        services.AddAgentWorkflows();
        return builder;
    }

    private static void AddSettings(Builder builder)
    {
        builder.AddSettings(CostSettings.Section, (_, configuration) => CostSettings.Read(configuration));
        builder.AddSettings(ReportDeliveryOptions.Section, (services, configuration) =>
            ReportDeliveryOptions.Read(configuration, [.. services.GetServices<IBulletinChannel>().Select(channel => channel.Name)]));
        builder.AddSettings(RetentionOptions.Section, (_, configuration) => RetentionOptions.Read(configuration));
        builder.AddSettings(ApprovalLinkSettings.PublicUrlKey, (_, configuration) => ApprovalLinkSettings.Read(configuration), isValue: true);
        builder.AddSettings(ApprovalKeySettings.Key, (_, configuration) => ApprovalKeySettings.Read(configuration), isValue: true);
        builder.Services.TryAddSingleton(services => new ApprovalLinkOptions { PublicUrl = services.GetRequiredService<IOptions<ApprovalLinkSettings>>().Value.PublicUrl });
        builder.Services.TryAddSingleton(services => services.GetRequiredService<IOptions<CostSettings>>().Value.Caps);
        builder.Services.TryAddSingleton(services => services.GetRequiredService<IOptions<CostSettings>>().Value.Reports);
        builder.Services.TryAddSingleton(services => services.GetRequiredService<IOptions<ReportDeliveryOptions>>().Value);
        builder.Services.TryAddSingleton(services => services.GetRequiredService<IOptions<RetentionOptions>>().Value);
    }

    private static void AddRequired(IServiceCollection services)
    {
        const string stores = "UseEmbeddedEngine(...) and the Functions host bring one; your own is added with";
        services.AddRequired<IOrchestrationClient>("a durable engine", "Call UseEmbeddedEngine(...), of the package AgentWorkflows.Server, or run as a Functions app.");
        services.AddRequired<ISessionStore>("the session store", $"{stores} AddSessionStore<T>().");
        services.AddRequired<IApprovalStore>("the approval store", $"{stores} AddApprovalStore<T>().");
        services.AddRequired<ICostLedger>("the cost ledger", $"{stores} AddCostLedger<T>().");
        services.AddRequired<IDailyClaims>("the store of daily claims", $"{stores} AddDailyClaims<T>().");
        services.AddRequired<IRetentionStore>("the retention store", $"{stores} AddRetentionStore<T>().");
        services.AddRequired<ApprovalKeyRing>("keys that sign approval links", "UseEmbeddedEngine(...) and the Functions host bring them; set AgentWorkflows:ApprovalKeys.");
        services.AddRequired<IChatModelCatalog>("language models", "UseEmbeddedEngine(...) and the Functions host bring those that the environment names; your own are added with AddChatClient(...).");
    }

    private static void AddRequired<TService>(this IServiceCollection services, string what, string toDo) =>
        services.AddSingleton(new RequiredService(typeof(TService), what, toDo));

    private sealed class Builder(IServiceCollection services, IConfiguration configuration) : IAgentWorkflowsBuilder
    {
        public IServiceCollection Services { get; } = services;

        public IConfiguration Configuration { get; } = configuration;
    }
}
