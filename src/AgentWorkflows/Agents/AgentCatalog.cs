using System.Collections.Concurrent;
using AgentWorkflows.Costs;

namespace AgentWorkflows.Agents;

/// <summary>A fixed set of agents. With price sheets, each is given out with the prices in force at that moment. Thread-safe.</summary>
internal sealed class AgentCatalog(IEnumerable<AgentDefinition> agents, PriceSheets? prices = null, TimeProvider? time = null) : IAgentCatalog
{
    private readonly Dictionary<string, AgentDefinition> _agents = agents.ToDictionary(agent => agent.Name, StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, AgentDefinition> _priced = new(StringComparer.Ordinal);

    public IReadOnlyCollection<AgentDefinition> Agents => [.. _agents.Values.Select(Priced)];

    public AgentDefinition? Find(string name) => _agents.GetValueOrDefault(name) is { } agent ? Priced(agent) : null;

    /// <summary>Other agents under the same prices.</summary>
    public AgentCatalog With(IEnumerable<AgentDefinition> others) => new(others, prices, time);

    /// <summary>The same object as long as the same sheet is in force, so that what is made of a definition once is found again.</summary>
    private AgentDefinition Priced(AgentDefinition agent)
    {
        if (prices?.InForce((time ?? TimeProvider.System).GetUtcNow()) is not { } sheet)
        {
            return agent;
        }
        if (_priced.TryGetValue(agent.Name, out var known) && ReferenceEquals(known.Prices, sheet.Models))
        {
            return known;
        }
        return _priced[agent.Name] = agent with { Prices = sheet.Models };
    }
}
