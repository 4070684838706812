using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Agents.Sources;

/// <summary>Whether an agent's tools of sources are what people reviewed. Pure.</summary>
internal static class Pinning
{
    /// <returns>The agent with what was reviewed in its contracts, or why it is held.</returns>
    public static (AgentDefinition Agent, HeldAgent? Held) Apply(AgentDefinition agent, ToolLock reviewed, IToolCatalog tools)
    {
        var (contracts, unpinned, changed) = (new List<ToolContract>(), new List<string>(), new List<(string Name, string Diff)>());
        foreach (var contract in agent.Tools)
        {
            if (DefinitionOf(contract, tools) is not { } definition)
            {
                contracts.Add(contract);
            }
            else if (reviewed.Tools.GetValueOrDefault(contract.Implementation) is not { } pin)
            {
                unpinned.Add(contract.Name);
            }
            else if (!pin.Is(definition))
            {
                changed.Add((contract.Name, pin.Diff(definition)));
            }
            else
            {
                contracts.Add(contract with { Pin = pin });
            }
        }
        return changed.Count > 0 ? (agent, Changed(agent.Name, changed))
            : unpinned.Count > 0 ? (agent, NotPinned(agent.Name, unpinned))
            : (agent with { Tools = contracts }, null);
    }

    /// <returns><c>null</c> for a tool that nobody but we can change.</returns>
    public static ToolDefinition? DefinitionOf(ToolContract contract, IToolCatalog tools) =>
        tools.OwnerOf(contract.Implementation) is { IsPinned: true } ? (tools.Find(contract.Implementation) as IOutsideTool)?.Definition : null;

    private static HeldAgent Changed(string agent, List<(string Name, string Diff)> changed) => new(
        agent, "definition_changed",
        $"What was reviewed is not what the source says now. {string.Join('\n', changed.Select(tool => $"{tool.Name}:\n{tool.Diff}"))}\nReview it; if it is to be so, run 'tools pin {agent}' and keep the file.", []);

    private static HeldAgent NotPinned(string agent, List<string> tools) => new(
        agent, "not_pinned", $"Nobody has reviewed what {string.Join(", ", tools)} {(tools.Count == 1 ? "is" : "are")}. Run 'tools pin {agent}', review the file {ToolLock.FileName} and keep it.", []);
}
