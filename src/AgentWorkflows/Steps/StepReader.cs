using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Durability;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Steps;

/// <summary>A call with everything needed to run or show it.</summary>
internal sealed record ResolvedCall(AgentDefinition Agent, ToolContract Contract, PlannedCall Planned, JsonElement Arguments, bool Edited)
{
    /// <summary>Of the data the plan was made from.</summary>
    public DataLabels Seen { get; init; }
}

/// <summary>Finds the call a step id stands for. Shared by the activities that ask about, run and undo it.</summary>
internal sealed class StepReader(ISessionStore store, AgentSnapshots snapshots)
{
    public async Task<ResolvedCall> ResolveAsync(StepContext step, string stepId, CancellationToken cancellationToken)
    {
        var agent = await snapshots.RequireAsync(step.Session.SnapshotHash, cancellationToken);
        var document = await store.RequireAsync<PlanDocument>(Documents.Plan(step), cancellationToken);
        var planned = PlannedCall.Find(document.Plan, stepId)
            ?? throw new DurableException("MissingStep", $"The plan of turn {step.Turn} has no step '{stepId}'.", isNonRetryable: true);
        var contract = agent.FindTool(planned.Tool)
            ?? throw new DurableException("MissingTool", $"The agent's snapshot has no tool '{planned.Tool}'.", isNonRetryable: true);
        var edited = await store.GetDocumentAsync(Documents.EditedArguments(step, stepId), cancellationToken);
        return new ResolvedCall(agent, contract, planned, edited ?? planned.Arguments, edited is not null) { Seen = (document.Seen ?? SeenLabels.None).Labels };
    }
}
