namespace AgentWorkflows.Agents;

/// <summary>The agents this host can start sessions for, loaded and validated at start.</summary>
internal interface IAgentCatalog
{
    IReadOnlyCollection<AgentDefinition> Agents { get; }

    AgentDefinition? Find(string name);
}
