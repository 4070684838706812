using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Connectors.OpenAI;
using AgentWorkflows.Hosting;
using AgentWorkflows.Hosting.Settings;
using AgentWorkflows.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Connectors;

/// <summary>What a host reaches, as its configuration says. Hosts call these.</summary>
public static class ConnectorsBuilder
{
    /// <summary>The models that the providers' usual variables and <c>Models:Endpoints</c> name, and the offline playbook.</summary>
    public static IAgentWorkflowsBuilder AddConfiguredModels(this IAgentWorkflowsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddSettings("Models", (_, configuration) => ModelSettings.Read(configuration), hostsOwnToo: true);
        builder.Services.TryAddSingleton<IChatModelCatalog>(services => new ModelCatalog(
            services.GetRequiredService<PlaybookModel>(), services.GetRequiredService<IOptions<ModelSettings>>().Value));
        return builder;
    }

    /// <summary>The channels that the settings name, as far as their places are known by now.</summary>
    public static IAgentWorkflowsBuilder AddConfiguredChannels(this IAgentWorkflowsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddSettings(NotificationSettings.Section, (_, configuration) => NotificationSettings.Read(configuration));
        // What is wrong with them is told at start, with everything else.
        builder.Services.AddApprovalChannels(NotificationSettings.Read(builder.SettingsSoFar()).Settings);
        return builder;
    }
}
