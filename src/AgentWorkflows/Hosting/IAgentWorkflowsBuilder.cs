using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Hosting;

/// <summary>
/// Puts the product together in a host's container: what <see cref="AgentWorkflowsBuilder.AddAgentWorkflows(IServiceCollection,IConfiguration)"/> answers. Each package
/// adds its own methods: stores, an engine, models, tools, channels. The order of the calls does not matter, except where a method says so.
/// </summary>
public interface IAgentWorkflowsBuilder
{
    IServiceCollection Services { get; }

    /// <summary>The host's whole configuration.</summary>
    IConfiguration Configuration { get; }
}
