using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;

namespace AgentWorkflows.Testing;

/// <summary>A model whose answers a test writes: one function from the request to a plan, or to any result.</summary>
public sealed class ScriptedChatModel(Func<ChatRequest, ChatResult> answer) : IChatModel, IChatModelCatalog
{
    public const string Deployment = "offline-playbook";
    private readonly List<ChatRequest> _requests = [];

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<ChatRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Stands in for the offline playbook.</summary>
    public ModelTraits Traits { get; } = new() { IsScripted = true };

    /// <summary>Answers by turn, from 1, whatever the model is shown.</summary>
    public static ScriptedChatModel ByTurn(params Plan[] plans) => new(request => Plan(plans[Math.Min(request.Turn, plans.Length) - 1]));

    public static ChatResult Plan(Plan plan) => Text(JsonSerializer.Serialize(plan, DurableJson.Options));

    public static ChatResult Text(string text) => new ChatResult.Completed(text, new ChatUsage(1000, 0, 100)) { Model = "scripted" };

    public static PlanStep Step(string id, string tool, object arguments, OnFailure onFailure = OnFailure.Replan) => new()
    {
        Id = id,
        Tool = tool,
        Arguments = JsonSerializer.SerializeToElement(arguments),
        OnFailure = onFailure,
    };

    public Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        lock (_requests)
        {
            _requests.Add(request);
        }
        return Task.FromResult(answer(request));
    }

    public IChatModel? Find(string deployment) => this;

    public string Resolve(string deployment) => Deployment;

    public string Describe(string deployment) => "scripted model";
}
