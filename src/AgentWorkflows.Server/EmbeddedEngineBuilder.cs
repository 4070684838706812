using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.Connectors;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Hosting;
using AgentWorkflows.Hosting.Settings;
using AgentWorkflows.Operations;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Record;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Sessions;
using AgentWorkflows.Sqlite;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Server;

/// <summary>The embedded host: everything on one machine, in one folder.</summary>
public static class EmbeddedEngineBuilder
{
    /// <summary>
    /// An engine in this process, stores on SQLite, maintenance, the API's services, and the models and channels that are configured. They start and stop with the host.
    /// Settings stand in <c>agentworkflows.json</c> in the working directory too, and in variables with the prefix <c>AGENTWORKFLOWS_</c>, which win.
    /// </summary>
    /// <param name="dataDirectory">Created when missing. One process at a time runs an engine on it; another one is refused with a message that names the owner.</param>
    public static IAgentWorkflowsBuilder UseEmbeddedEngine(this IAgentWorkflowsBuilder builder, string dataDirectory = DataFolder.Default)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(dataDirectory);
        var (file, problem) = ConfigurationFile.Read(Directory.GetCurrentDirectory());
        builder
            .AddSettingsFrom(file, KeysThere.All, weakest: true, problem)
            .AddSettingsFrom(ConfigurationFile.Variables(), KeysThere.Variables)
            .AddApi().AddConfiguredModels().AddConfiguredChannels().AddMcp().AddHttpTools();
        WebSettings.Add(builder);
        ConnectionLimit.Add(builder.Services);
        AddStores(builder.Services, dataDirectory);
        AddEngine(builder.Services);
        LogChoice.Add(builder.Services);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ServerOptions.DrainTimeout);
        builder.Services.Configure<KestrelServerOptions>(Limit);
        return builder;
    }

    private static void AddStores(IServiceCollection services, string dataDirectory)
    {
        services.AddSingleton(new DataFolder(dataDirectory));
        services.AddSingleton(provider => provider.GetRequiredService<DataFolder>().OpenProduct());
        services.AddSingleton(_ => new LiveFeed(isAnnounced: true));
        services.TryAddSingleton<ISessionStore>(provider => new SqliteSessionStore(
            provider.GetRequiredService<ProductDatabase>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<LiveFeed>().Notify));
        services.TryAddSingleton<ISessionCounts, SqliteSessionCounts>();
        services.TryAddSingleton<IApprovalStore, SqliteApprovalStore>();
        services.TryAddSingleton<ICostLedger, SqliteCostLedger>();
        services.TryAddSingleton<IDailyClaims, SqliteDailyClaims>();
        services.TryAddSingleton<IRetentionStore, SqliteRetention>();
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<ApprovalKeySettings>>().Value.Keys
            ?? ApprovalKeys.Open(provider.GetRequiredService<DataFolder>().Create()));
    }

    private static void AddEngine(IServiceCollection services)
    {
        // Until it listens, and in commands that do not: where it listens by default.
        services.Replace(ServiceDescriptor.Singleton(provider => new ApprovalLinkOptions
        {
            PublicUrl = provider.GetRequiredService<IOptions<ApprovalLinkSettings>>().Value.PublicUrl ?? Hosting.Binding.PublicUrlOf(ServerOptions.DefaultUrl),
        }));
        services.AddSingleton<EmbeddedHost>();
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedHost>());
        services.TryAddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<EmbeddedHost>().Engine);
        services.TryAddSingleton<IReplayCheck>(provider => new EngineReplayCheck(provider.GetRequiredService<EmbeddedHost>().Engine));
        services.TryAddSingleton<IReadinessCheck, ServerReadiness>();
        var delivery = services.Single(service => service.ServiceType == typeof(IDecisionDelivery)).ImplementationType!;
        services.Replace(ServiceDescriptor.Singleton<IDecisionDelivery>(provider => new EmbeddedDelivery(
            provider.GetRequiredService<EmbeddedHost>(), () => (IDecisionDelivery)ActivatorUtilities.CreateInstance(provider, delivery))));
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // More than the API takes, chunk framing counted, so that it is the API that refuses.
        kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes * 2;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxConcurrentConnections = ConnectionLimit.Total;
    }
}
