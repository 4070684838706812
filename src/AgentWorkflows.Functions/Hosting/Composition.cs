using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore;
using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.AspNetCore.Reports;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Azure.Approvals;
using AgentWorkflows.Azure.Costs;
using AgentWorkflows.Azure.Monitoring;
using AgentWorkflows.Azure.Sessions;
using AgentWorkflows.Azure.Tables;
using AgentWorkflows.Connectors;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Durable;
using AgentWorkflows.Functions.Http;
using AgentWorkflows.Functions.Samples.NoteDesk;
using AgentWorkflows.Hosting;
using AgentWorkflows.Models;
using AgentWorkflows.Operations;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Tools;
using Azure.Data.Tables;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>The composition root of the Functions host.</summary>
internal static class Composition
{
    /// <exception cref="HostSettingsException">The agents are not valid.</exception>
    public static void Add(IServiceCollection services, HostSettings settings)
    {
        // One identity: the user-assigned one that AZURE_CLIENT_ID names, or the developer's own.
        var tables = StorageTables.Of(
            settings.StorageConnection is { } connection
                ? new TableServiceClient(connection, TableOptions())
                : new TableServiceClient(settings.TableEndpoint!, new DefaultAzureCredential(), TableOptions()),
            settings.TablePrefix);
        services.AddSingleton(tables);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ISessionStore>(new TableSessionStore(tables, TimeProvider.System));
        services.AddSingleton<IApprovalStore>(new TableApprovalStore(tables));
        services.AddSingleton<ICostLedger>(new TableCostLedger(tables, TimeProvider.System));
        services.AddSingleton<IDailyClaims>(new TableDailyClaims(tables)).AddSingleton<IRetentionStore>(new TableRetention(tables));
        services.AddSingleton(new DailyWorkOptions { Longest = FunctionTime.ForDailyWork(settings.FunctionTimeout) });
        services.AddSingleton(settings.Reports).AddSingleton(settings.Retention).AddSingleton<IReportDocument, ReportDocument>();
        var tools = new ToolCatalog(NoteDeskTools.Create(tables));
        services.AddSingleton<IToolCatalog>(tools);
        services.AddSingleton<IAgentCatalog>(LoadAgents(settings, tools));
        services.AddSingleton<PlaybookModel>();
        services.AddSingleton<IChatModelCatalog>(provider => new ModelCatalog(provider.GetRequiredService<PlaybookModel>(), settings.Models));
        services.AddSingleton(settings.Costs.Caps).AddSingleton(settings.Costs.Reports);
        services.AddSingleton(settings.ApprovalKeys);
        services.AddApprovalChannels(settings.Notifications);
        services.AddSingleton(new ApprovalLinkOptions { PublicUrl = settings.PublicUrl });
        services.AddAgentWorkflows();
        services.AddSingleton<MaintenanceJobs>();
        services.AddSingleton(new ApiKeyRing(settings.ApiKeys));
        services.AddSingleton(new HostReadinessSettings(settings.ApiKeys, [settings.AgentsDirectory])).AddSingleton<HostReadiness>();
        services.AddSingleton<IReadinessCheck>(provider => new FunctionsReadiness(settings, provider.GetRequiredService<HostReadiness>()));
        services.AddSingleton<ApiPipeline>();
        services.AddApiHandlers();
        services.AddSingleton(_ => new LiveFeed(isAnnounced: false)).AddSingleton<ISessionCounts, UncountedSessions>().AddSingleton<IReplayCheck, NoReplayCheck>();
        services.AddSingleton(provider => new RouteTable(provider.GetRequiredService<ApiPipeline>())).AddSingleton<ApiEntry>();
        AddDurableTask(services);
    }

    /// <summary>The client's own 100 s for each of four tries would hold a step, or readiness, for minutes.</summary>
    private static TableClientOptions TableOptions()
    {
        var options = new TableClientOptions();
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        options.Retry.MaxRetries = 2;
        return options;
    }

    internal static void AddDurableTask(IServiceCollection services)
    {
        services.AddSingleton<CurrentClient>();
        services.AddSingleton<IOrchestrationClient>(provider =>
        {
            var current = provider.GetRequiredService<CurrentClient>();
            return new OrchestrationClient(() => current.Client, HostVersion.Read(AppContext.BaseDirectory));
        });
        services.AddSingleton(new DurableRegistry().AddAgentWorkflows());
        services.AddSingleton<OrchestrationDispatcher>();
    }

    private static AgentCatalog LoadAgents(HostSettings settings, IToolCatalog tools) => AgentFolder.Load(settings.AgentsDirectory, tools, TimeProvider.System, settings.Models.ProblemOf) switch
    {
        AgentLoadResult.Loaded loaded when FunctionTime.ProblemsOf(loaded.Agents, settings.FunctionTimeout) is [_, ..] problems => throw new HostSettingsException(problems),
        AgentLoadResult.Loaded loaded => new AgentCatalog(loaded.Agents, loaded.Prices, TimeProvider.System),
        AgentLoadResult.Invalid invalid => throw new HostSettingsException([.. invalid.Problems.Select(problem => problem.ToString())]),
        var other => throw new InvalidOperationException($"Unknown load result {other.GetType().Name}."),
    };
}
