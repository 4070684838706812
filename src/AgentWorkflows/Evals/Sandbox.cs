using AgentWorkflows.Agents;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Evals;

/// <summary>Implementations that change nothing outside the data folder.</summary>
internal sealed record SandboxedTools(IReadOnlyList<string> Names);

/// <summary>Which effects of an agent a trial could let out. Pure.</summary>
internal static class Sandbox
{
    /// <summary>Tools that write, whose effects neither a fixture, nor a record, nor the data folder keeps in.</summary>
    public static IReadOnlyList<string> OpenTools(AgentDefinition agent, EvalCase wanted, IReadOnlySet<string> sandboxed)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(wanted);
        return wanted.Recording is not null ? [] :
        [
            .. agent.Tools
                .Where(tool => tool.Tier != ToolTier.Read && !sandboxed.Contains(tool.Implementation) && !wanted.Fixtures.Any(fixture => fixture is { Tool: var name, Times: null } && name == tool.Name))
                .Select(tool => tool.Name),
        ];
    }

    public static bool MayRun(AgentDefinition agent, string implementation, IReadOnlySet<string> sandboxed) =>
        sandboxed.Contains(implementation) || agent.Tools.Where(tool => tool.Implementation == implementation).All(tool => tool.Tier == ToolTier.Read);
}
