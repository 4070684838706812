using AgentWorkflows.Connectors.Http;
using AgentWorkflows.Hosting;
using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflows.Connectors;

/// <summary>Tools behind HTTP APIs.</summary>
public static class HttpToolsBuilder
{
    /// <summary>What <c>openapi</c> and <c>http</c> in an agent's <c>agent.yaml</c> need. Hosts call this.</summary>
    internal static IAgentWorkflowsBuilder AddHttpTools(this IAgentWorkflowsBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolSourceFactory, HttpSourceFactory>());
        return builder;
    }

    /// <summary>
    /// An HTTP API that an OpenAPI document (3.0 or 3.1, JSON or YAML) describes, for all agents of the host. Its operations are called <c>NAME_OPERATION</c> under
    /// <c>tools</c>, where their contracts stand; one without a contract is destructive.
    /// </summary>
    /// <param name="name">1 to 32 of <c>a-z</c>, <c>0-9</c> and single <c>_</c> between them, beginning with a letter.</param>
    /// <param name="document">The path of a file, or an address; then <see cref="OpenApiOptions.Server"/> has to be set.</param>
    /// <exception cref="ArgumentException">The name or an option is not valid, or the document is an address and no server is set.</exception>
    public static IAgentWorkflowsBuilder AddOpenApi(this IAgentWorkflowsBuilder builder, string name, string document, Action<OpenApiOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(document);
        if (!ToolSourceNames.IsName(name))
        {
            throw new ArgumentException($"'{name}' is not a name for a source of tools. Allowed: {ToolSourceNames.Rule}.", nameof(name));
        }
        var options = new OpenApiOptions();
        configure?.Invoke(options);
        builder.AddHttpTools().Services.AddSingleton<ToolSourceSettings>(options.ToSettings(name, document));
        return builder;
    }
}
