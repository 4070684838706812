namespace AgentWorkflows.Agents;

/// <summary>The agents this host can start sessions for, loaded and validated at start. Those whose tools come from sources are there once the sources were reached.</summary>
internal interface IAgentCatalog
{
    IReadOnlyCollection<AgentDefinition> Agents { get; }

    /// <summary>Those of the files that cannot be started now.</summary>
    IReadOnlyCollection<HeldAgent> Held => [];

    AgentDefinition? Find(string name);

    /// <summary>As <see cref="Find"/>, but asks first the sources that the agent waits for, if it waits.</summary>
    Task<AgentDefinition?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Find(name));
}
