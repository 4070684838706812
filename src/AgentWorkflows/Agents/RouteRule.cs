using AgentWorkflows.Costs;
using AgentWorkflows.Models;

namespace AgentWorkflows.Agents;

/// <summary>What an agent's routes ask for beyond a plan. Pure, but for what the host has for a name.</summary>
internal static class RouteRule
{
    /// <summary>Another route than the planner's writes the answers, so that what a planner says is a draft. The words of a script are final.</summary>
    public static bool DraftsAnswers(AgentDefinition agent, IChatModelCatalog models) =>
        agent.Models.GetValueOrDefault(ModelPurpose.Answer) is { } answer
        && WordsOf(answer) != WordsOf(agent.Models[ModelPurpose.Plan])
        && !models.TraitsOf(answer.Deployment).IsScripted;

    /// <summary>What of a route decides how an answer reads.</summary>
    private static ModelRoute WordsOf(ModelRoute route) => route with { Fallback = null, Simple = null, Timeout = null };

    /// <summary>Whether a session judges its goal first: there is a deployment for simple ones, and it is another than the one that plans. A script judges nothing.</summary>
    public static bool Classifies(AgentDefinition agent, IChatModelCatalog models) =>
        agent.Models[ModelPurpose.Plan] is { Simple: { } simple } plan
        && !models.TraitsOf(plan.Deployment).IsScripted && !models.TraitsOf(simple).IsScripted
        && models.Resolve(simple) != models.Resolve(plan.Deployment);

    /// <summary>The route's own fallback, else the host's for <c>default</c>, if that has a price: a call without one would only hide what happened.</summary>
    public static string? FallbackOf(ModelRoute route, IChatModelCatalog models, IReadOnlyDictionary<string, ModelPrice> prices) =>
        route.Fallback ?? (route.Deployment == new ModelRoute().Deployment && models.DefaultFallback is { } fallback
            && fallback != models.Resolve(route.Deployment) && Pricing.Find(prices, fallback) is not null ? fallback : null);

    /// <summary>Which deployment a plan is asked of.</summary>
    public static string PlannerOf(ModelRoute route, string? fallback, bool simple, bool onFallback) =>
        (simple ? route.Simple : onFallback ? fallback : null) ?? route.Deployment;
}
