namespace AgentWorkflows.Agents;

/// <summary>A fixed set of agents. Thread-safe.</summary>
public sealed class AgentCatalog(IEnumerable<AgentDefinition> agents) : IAgentCatalog
{
    private readonly Dictionary<string, AgentDefinition> _agents = agents.ToDictionary(agent => agent.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<AgentDefinition> Agents => _agents.Values;

    public AgentDefinition? Find(string name) => _agents.GetValueOrDefault(name);
}
