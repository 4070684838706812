using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;

namespace AgentWorkflows.Evals;

/// <summary>Answers as the record has it, one after the other for each purpose, whatever it is asked. Free. One a trial. Thread-safe.</summary>
internal sealed class RecordedModel(EvalRecording recording) : IChatModel, IChatModelCatalog
{
    public const string Deployment = "recorded";

    private readonly Lock _lock = new();
    private readonly Dictionary<ModelPurpose, Queue<RecordedAnswer>> _answers =
        recording.Answers.GroupBy(answer => answer.Purpose).ToDictionary(group => group.Key, group => new Queue<RecordedAnswer>(group));

    public string Provider => "agentworkflows.recorded";

    public ModelTraits Traits { get; } = new() { IsScripted = true };

    public Task<ChatResult> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_lock)
        {
            return Task.FromResult<ChatResult>(_answers.GetValueOrDefault(request.Purpose) is { } answers && answers.TryDequeue(out var answer)
                ? new ChatResult.Completed(answer.Text, new ChatUsage(Math.Max(1, answer.Tokens), 0, 0)) { Model = Deployment }
                : new ChatResult.Failed(ChatFailureKind.InvalidRequest, $"The record of {recording.Session} has no further answer: this trial has gone another way.", Billed: false));
        }
    }

    public IChatModel Find(string deployment) => this;

    public string Resolve(string deployment) => Deployment;

    public string Describe(string deployment) => $"the record of {recording.Session}, no language model";

    /// <summary>The agent with nothing to pay.</summary>
    public static AgentDefinition Free(AgentDefinition agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return agent with
        {
            Prices = new Dictionary<string, ModelPrice>
            {
                [Deployment] = new() { InputMicrosPerMillion = 0, CachedInputMicrosPerMillion = 0, OutputMicrosPerMillion = 0, SheetVersion = Deployment },
            },
            Models = agent.Models.ToDictionary(route => route.Key, route => route.Value with { Deployment = "default", Fallback = null, Simple = null }),
        };
    }

    /// <summary>The agent whose tools are answered from a record: calls cost nothing.</summary>
    public static AgentDefinition WithFreeTools(AgentDefinition agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return agent with { Tools = [.. agent.Tools.Select(tool => tool with { CostMicrosPerCall = 0 })] };
    }
}
