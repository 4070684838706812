using AgentWorkflows.Durability;

namespace AgentWorkflows;

/// <summary>Every orchestrator and activity of the product, for a host's registry.</summary>
public static class WorkflowRegistration
{
    public static DurableRegistry AddAgentWorkflows(this DurableRegistry registry) => registry;
}
