using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Connectors.Notifications;
using AgentWorkflows.Hosting;
using AgentWorkflows.Hosting.Settings;
using AgentWorkflows.Models;
using Microsoft.Extensions.AI;
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
        return builder.AddCatalog();
    }

    /// <summary>
    /// A client of the program's own. Agents' routes name it as <paramref name="name"/>, or as <c>NAME/MODEL</c> for another model of it; where the environment names no
    /// model and there is one client, <c>default</c> is that. It makes one request a call: retries are the session's, which counts and pays for them.
    /// </summary>
    /// <param name="name">1 to 32 of <c>a-z</c>, <c>0-9</c> and <c>-</c>.</param>
    /// <param name="create">Called once.</param>
    /// <exception cref="ArgumentException">The name is no name, or used already.</exception>
    public static IAgentWorkflowsBuilder AddChatClient(this IAgentWorkflowsBuilder builder, string name, Func<IServiceProvider, IChatClient> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        if (!DeploymentName.IsEndpoint(name))
        {
            throw new ArgumentException($"'{name}' is no name for a chat client. Allowed: {DeploymentName.EndpointRule}.", nameof(name));
        }
        if (builder.Services.Any(service => service.ImplementationInstance is OwnClient own && own.Name == name))
        {
            throw new ArgumentException($"There is a chat client '{name}' already.", nameof(name));
        }
        builder.Services.AddSingleton(new OwnClient(name, create));
        return builder.AddCatalog();
    }

    private static IAgentWorkflowsBuilder AddCatalog(this IAgentWorkflowsBuilder builder)
    {
        builder.Services.TryAddSingleton<IChatModelCatalog>(services => new ModelCatalog(
            services.GetRequiredService<PlaybookModel>(), services.GetService<IOptions<ModelSettings>>()?.Value ?? new ModelSettings(),
            services.GetServices<OwnClient>().ToDictionary(own => own.Name, own => own.Create(services), StringComparer.Ordinal)));
        return builder;
    }

    private sealed record OwnClient(string Name, Func<IServiceProvider, IChatClient> Create);

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
