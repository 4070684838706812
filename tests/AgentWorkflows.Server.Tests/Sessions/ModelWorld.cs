using AgentWorkflows.Agents;
using AgentWorkflows.Connectors;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Testing;
using AgentWorkflows.TestSupport.Chat;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>Sessions whose model is a real endpoint on the wire, behind the real SDK.</summary>
internal static class ModelWorld
{
    public const string Deployment = "gpt-4.1-mini";
    public const string Fallback = "gpt-4o-mini";

    public static IChatModelCatalog Models(FakeChatEndpoint endpoint) => new ModelCatalog(
        new ScriptedChatModel(_ => throw new InvalidOperationException("The playbook is not asked.")),
        new ModelSettings
        {
            Deployment = Deployment,
            DefaultEndpoint = ModelSettings.OpenAI,
            Endpoints = new Dictionary<string, ModelEndpoint> { [ModelSettings.OpenAI] = new(endpoint.BaseAddress, "key-1", ModelProvider.OpenAI) },
        });

    /// <summary>Two endpoints: the one of <c>default</c>, and <c>west</c>.</summary>
    public static IChatModelCatalog Models(FakeChatEndpoint endpoint, FakeChatEndpoint west, string? fallback = null) => new ModelCatalog(
        new ScriptedChatModel(_ => throw new InvalidOperationException("The playbook is not asked.")),
        new ModelSettings
        {
            Deployment = Deployment,
            Fallback = fallback,
            DefaultEndpoint = ModelSettings.OpenAI,
            Endpoints = new Dictionary<string, ModelEndpoint>
            {
                [ModelSettings.OpenAI] = new(endpoint.BaseAddress, "key-1", ModelProvider.OpenAI),
                ["west"] = new(west.BaseAddress, "key-west", ModelProvider.OpenAI),
            },
        });

    /// <summary>The agent, planning with a fallback deployment.</summary>
    public static AgentDefinition WithFallback(AgentDefinition agent) => WithPlanRoute(agent, route => route with { Fallback = Fallback });

    /// <summary>Purposes that are routed like <c>plan</c> stay so.</summary>
    public static AgentDefinition WithPlanRoute(AgentDefinition agent, Func<ModelRoute, ModelRoute> edit)
    {
        var plan = agent.Models[ModelPurpose.Plan];
        return agent with { Models = agent.Models.ToDictionary(route => route.Key, route => route.Value == plan ? edit(plan) : route.Value) };
    }

    public static AgentDefinition WithRoute(AgentDefinition agent, ModelPurpose purpose, Func<ModelRoute, ModelRoute> edit) => agent with
    {
        Models = new Dictionary<ModelPurpose, ModelRoute>(agent.Models) { [purpose] = edit(agent.Models[purpose]) },
    };

    public static Plan Lookup(int order = 1042, string id = "look") => new()
    {
        Reason = "Look the order up.",
        Steps = [ScriptedChatModel.Step(id, "get_order", new { order_id = order })],
    };

    public static Plan Answer(string text = "All done.") => new() { Reason = "Known now.", Answer = text };

    /// <summary>One look-up, then the answer.</summary>
    public static FakeChatReply LookThenAnswer(FakeChatCall call, ChatUsage? usage = null) =>
        FakeChatReply.Plan(call.Messages.Any(IsResult) ? Answer() : Lookup(), usage);

    /// <summary>As it came, or as the record has it.</summary>
    private static bool IsResult(string message) =>
        message.StartsWith("Tool result", StringComparison.Ordinal) || message.StartsWith("What happened until now", StringComparison.Ordinal);
}
