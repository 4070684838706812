using System.Security.Cryptography;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.Azure.Approvals;
using AgentWorkflows.Azure.Costs;
using AgentWorkflows.Azure.Monitoring;
using AgentWorkflows.Azure.Sessions;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Connectors;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using AgentWorkflows.Functions.Hosting;
using AgentWorkflows.Functions.Http;
using AgentWorkflows.Hosting;
using AgentWorkflows.Hosting.Settings;
using AgentWorkflows.Operations;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Functions;

/// <summary>The host on Azure Durable Functions.</summary>
public static class DurableFunctionsBuilder
{
    /// <summary>
    /// The task hub as engine, stores in the tables of the app's storage account, maintenance by timers, the API as functions, telemetry, and the models and channels
    /// that are configured. The functions themselves are found by the Functions SDK of the app that references this package. Settings stand in the section
    /// <c>AgentWorkflows</c>, as application settings such as <c>AgentWorkflows__Costs__UserPerDay</c>, and are checked when the worker starts.
    /// </summary>
    /// <param name="app">Gets the web application of the worker (<c>ConfigureFunctionsWebApplication</c>) and middleware.</param>
    /// <remarks>Tools may take the account's <see cref="TableServiceClient"/>. <c>host.json</c> must have an empty <c>extensions.http.routePrefix</c>.</remarks>
    public static IAgentWorkflowsBuilder UseDurableFunctions(this IAgentWorkflowsBuilder builder, FunctionsApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(app);
        builder.Services.AddLogging(WorkerLogs.Add);
        app.UseMiddleware<InvocationScope>();
        app.ConfigureFunctionsWebApplication();
        app.UseMiddleware<TablesFirst>();
        Hosting.Telemetry.Add(builder.Services, builder.Configuration);
        builder
            .AddSettingsFrom(builder.Configuration, weakest: true)
            .AddSettingsFrom(FunctionsSettings.Prefixed(builder.Configuration))
            .AddSettings(FunctionsSettings.PrefixKey, (_, configuration) => FunctionsSettings.Read(configuration, AppContext.BaseDirectory), hostsOwnToo: true, isValue: true)
            .AddApi().AddConfiguredModels().AddConfiguredChannels().AddMcp();
        builder.Services.AddSingleton(new SettingsKey(FunctionsSettings.AgentsKey, IsValue: true));
        AddStores(builder.Services);
        AddHost(builder.Services);
        AddEngine(builder.Services);
        return builder;
    }

    private static void AddStores(IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<FunctionsSettings>>().Value);
        services.TryAddSingleton(provider => Account(provider.GetRequiredService<FunctionsSettings>()));
        services.AddSingleton(provider => StorageTables.Of(provider.GetRequiredService<TableServiceClient>(), provider.GetRequiredService<FunctionsSettings>().TablePrefix));
        services.TryAddSingleton<ISessionStore>(provider => new TableSessionStore(provider.GetRequiredService<StorageTables>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IApprovalStore>(provider => new TableApprovalStore(provider.GetRequiredService<StorageTables>()));
        services.TryAddSingleton<ICostLedger>(provider => new TableCostLedger(provider.GetRequiredService<StorageTables>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IDailyClaims>(provider => new TableDailyClaims(provider.GetRequiredService<StorageTables>()));
        services.TryAddSingleton<IRetentionStore>(provider => new TableRetention(provider.GetRequiredService<StorageTables>()));
        services.TryAddSingleton<ISessionCounts, UncountedSessions>();
    }

    /// <summary>One identity: the user-assigned one that AZURE_CLIENT_ID names, or the developer's own.</summary>
    private static TableServiceClient Account(FunctionsSettings settings)
    {
        // The client's own 100 s for each of four tries would hold a step, or readiness, for minutes.
        var options = new TableClientOptions();
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        options.Retry.MaxRetries = 2;
        return settings.StorageConnection is { } connection
            ? new TableServiceClient(connection, options)
            : new TableServiceClient(settings.TableEndpoint!, new DefaultAzureCredential(), options);
    }

    private static void AddHost(IServiceCollection services)
    {
        // On a developer's machine keys for as long as the process lives are enough; elsewhere the settings are refused without any.
        services.TryAddSingleton(provider => provider.GetRequiredService<IOptions<ApprovalKeySettings>>().Value.Keys
            ?? ApprovalKeyRing.Parse("local:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(ApprovalKeyRing.MinSecretBytes))).Ring!);
        services.Replace(ServiceDescriptor.Singleton(provider => new ApprovalLinkOptions
        {
            PublicUrl = provider.GetRequiredService<IOptions<ApprovalLinkSettings>>().Value.PublicUrl ?? provider.GetRequiredService<FunctionsSettings>().GivenUrl,
        }));
        services.Replace(ServiceDescriptor.Singleton(provider => new DailyWorkOptions { Longest = FunctionTime.ForDailyWork(provider.GetRequiredService<FunctionsSettings>().FunctionTimeout) }));
        services.Replace(ServiceDescriptor.Singleton(provider =>
        {
            var folders = new AgentFolders(provider.GetServices<AddedAgents>().Select(added => added.Folder));
            if (provider.GetRequiredService<FunctionsSettings>().AgentsDirectory is { } chosen)
            {
                folders.Replace(chosen);
            }
            return folders;
        }));
        services.AddSingleton<AgentCheck>(provider => agents => FunctionTime.ProblemsOf(agents, provider.GetRequiredService<FunctionsSettings>().FunctionTimeout));
        services.AddSingleton(_ => new LiveFeed(isAnnounced: false));
        services.TryAddSingleton<IReplayCheck, NoReplayCheck>();
        services.TryAddSingleton<IReadinessCheck, FunctionsReadiness>();
        services.AddSingleton<RouteTable>();
    }

    internal static void AddEngine(IServiceCollection services)
    {
        services.AddSingleton<CurrentClient>();
        services.TryAddSingleton<IOrchestrationClient>(provider =>
        {
            var current = provider.GetRequiredService<CurrentClient>();
            return new OrchestrationClient(() => current.Client, HostVersion.Read(AppContext.BaseDirectory));
        });
        services.AddSingleton(new DurableRegistry().AddAgentWorkflows());
        services.AddSingleton<OrchestrationDispatcher>();
    }
}
