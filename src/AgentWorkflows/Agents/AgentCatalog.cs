using AgentWorkflows.Costs;

namespace AgentWorkflows.Agents;

/// <summary>A fixed set of agents. With price sheets, each is given out with the prices in force at that moment. Thread-safe.</summary>
internal sealed class AgentCatalog(IEnumerable<AgentDefinition> agents, PriceSheets? prices = null, TimeProvider? time = null) : IAgentCatalog
{
    private readonly Dictionary<string, AgentDefinition> _agents = agents.ToDictionary(agent => agent.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<AgentDefinition> Agents => [.. _agents.Values.Select(Priced)];

    public AgentDefinition? Find(string name) => _agents.GetValueOrDefault(name) is { } agent ? Priced(agent) : null;

    /// <summary>Other agents under the same prices.</summary>
    public AgentCatalog With(IEnumerable<AgentDefinition> others) => new(others, prices, time);

    private AgentDefinition Priced(AgentDefinition agent) =>
        prices?.InForce((time ?? TimeProvider.System).GetUtcNow()) is { } sheet ? agent with { Prices = sheet.Models } : agent;
}
