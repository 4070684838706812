using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Hosting;

/// <summary>Adds agents.</summary>
public static class AgentBuilder
{
    /// <summary>
    /// A folder with one folder per agent and their <c>prices.yaml</c>. Read when the host starts: with anything wrong in it, it does not start and says all that is wrong.
    /// </summary>
    /// <param name="folder">Where it is relative: in the working directory, else beside the program.</param>
    public static IAgentWorkflowsBuilder AddAgents(this IAgentWorkflowsBuilder builder, string folder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        builder.Services.AddSingleton(new AddedAgents(folder));
        return builder;
    }
}
