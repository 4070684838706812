using System.Text.Json;
using AgentWorkflows.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace AgentWorkflows.Functions.Orchestrations;

/// <summary>One function for each registered orchestrator, under its wire name. A test compares them with the registry.</summary>
internal sealed class OrchestratorFunctions(OrchestrationDispatcher dispatcher)
{
    [Function("agent_session")]
    public Task<JsonElement?> SessionAsync([OrchestrationTrigger(Orchestration = "agent_session")] TaskOrchestrationContext context) =>
        dispatcher.RunOrchestratorAsync(context);

    [Function("agent_rollback")]
    public Task<JsonElement?> RollbackAsync([OrchestrationTrigger(Orchestration = "agent_rollback")] TaskOrchestrationContext context) =>
        dispatcher.RunOrchestratorAsync(context);
}
