using AgentWorkflows.Agents;

namespace AgentWorkflows.Planning;

/// <summary>What an agent's routes ask for beyond a plan. Pure, but for the host's names of deployments.</summary>
internal static class RouteRule
{
    /// <summary>Another route than the planner's writes the answers, so that what a planner says is a draft. The offline playbook's words are final.</summary>
    public static bool DraftsAnswers(AgentDefinition agent, Func<string, string> resolve) =>
        agent.Models.GetValueOrDefault(ModelPurpose.Answer) is { } answer
        && answer with { Fallback = null } != agent.Models[ModelPurpose.Plan] with { Fallback = null }
        && resolve(answer.Deployment) != PlaybookModel.Deployment;
}
