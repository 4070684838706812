using AgentWorkflows.Tools;

namespace AgentWorkflows.Models;

/// <summary>Finds what the offline playbook follows. Thread-safe.</summary>
internal interface IPlaybooks
{
    /// <returns><c>null</c> when there is no such snapshot.</returns>
    Task<AgentPlaybook?> FindAsync(string snapshotHash, CancellationToken cancellationToken);
}

/// <summary>The playbook of an agent, with the tools its steps call.</summary>
/// <param name="Playbook"><c>null</c> when the agent has none.</param>
internal sealed record AgentPlaybook(string Agent, Playbook? Playbook, IReadOnlyList<ToolContract> Tools);
