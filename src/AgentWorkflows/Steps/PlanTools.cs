using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AgentWorkflows.Agents;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;

namespace AgentWorkflows.Steps;

/// <summary>What a role may plan with, and the schema of such plans: made once for each definition in memory, not in every planning step.</summary>
internal sealed class PlanTools
{
    /// <summary>Sessions name their role freely.</summary>
    private const int MaxRoles = 64;

    private static readonly ConditionalWeakTable<AgentDefinition, ConcurrentDictionary<string, PlanTools>> Known = [];

    private PlanTools(AgentDefinition agent, string role)
    {
        Tools = [.. agent.ToolsFor(role).Select(tool => new ToolDeclaration(tool.Name, tool.Description, tool.Parameters))];
        Schema = PlanSchema.For(Tools);
    }

    public IReadOnlyList<ToolDeclaration> Tools { get; }

    public PlanSchema Schema { get; }

    public static PlanTools For(AgentDefinition agent, string role)
    {
        var byRole = Known.GetValue(agent, _ => new ConcurrentDictionary<string, PlanTools>(StringComparer.Ordinal));
        return byRole.TryGetValue(role, out var known) ? known
            : byRole.Count < MaxRoles ? byRole.GetOrAdd(role, made => new PlanTools(agent, made))
            : new PlanTools(agent, role);
    }

}
