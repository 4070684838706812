using AgentWorkflows.Evals;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Hosting;

/// <summary>What evals may let run.</summary>
public static class SandboxBuilder
{
    /// <summary>
    /// Says that these tools change nothing outside the data folder, whatever their tier. Evals then run them for real, in a folder of their own for each trial; other tools that
    /// write are answered by a case's fixtures or not at all.
    /// </summary>
    /// <param name="implementations">Names of tools of this host.</param>
    public static IAgentWorkflowsBuilder AddSandboxedTools(this IAgentWorkflowsBuilder builder, params IReadOnlyList<string> implementations)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(implementations);
        builder.Services.AddSingleton(new SandboxedTools([.. implementations]));
        return builder;
    }
}
