using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.AspNetCore.Reports;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Hosting;
using AgentWorkflows.Hosting.Settings;
using AgentWorkflows.Operations.Reports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.AspNetCore;

/// <summary>The services of the API.</summary>
public static class ApiBuilder
{
    /// <summary>What <see cref="ApiEndpoints.MapAgentWorkflows"/> needs, and what reads and reports share with it. Hosts call it; calling it again changes nothing.</summary>
    public static IAgentWorkflowsBuilder AddApi(this IAgentWorkflowsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(service => service.ServiceType == typeof(ApiPipeline)))
        {
            return builder;
        }
        builder.AddSettings(ApiKey.Section, (_, configuration) => ApiKey.Read(configuration) is var (keys, problems) ? (new ApiKeySettings { Keys = keys }, problems) : default);
        builder.Services.AddSingleton(services => new ApiKeyRing(services.GetRequiredService<IOptions<ApiKeySettings>>().Value.Keys));
        builder.Services.AddSingleton<ApiPipeline>();
        builder.Services.AddApiHandlers();
        builder.Services.TryAddSingleton<IReportDocument, ReportDocument>();
        builder.Services.TryAddSingleton(services => new HostReadinessSettings(
            services.GetRequiredService<IOptions<ApiKeySettings>>().Value.Keys, services.GetRequiredService<AgentFolders>().Paths));
        builder.Services.TryAddSingleton<HostReadiness>();
        return builder;
    }

    /// <summary>What a handler's constructor asks for is required: where it is missing, the host does not start.</summary>
    internal static void AddApiHandlers(this IServiceCollection services)
    {
        services.AddSingleton<VisibleSessions>();
        foreach (var handlers in ApiRoutes.HandlerTypes)
        {
            services.AddSingleton(handlers);
            foreach (var parameter in handlers.GetConstructors().Single().GetParameters())
            {
                services.AddSingleton(new RequiredService(
                    parameter.ParameterType, $"for {handlers.Name} of the API", "UseEmbeddedEngine(...) and UseDurableFunctions(...) bring everything that the API needs."));
            }
        }
    }
}
