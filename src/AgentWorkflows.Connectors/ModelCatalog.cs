using System.Collections.Concurrent;
using AgentWorkflows.Connectors.OpenAI;
using AgentWorkflows.Models;

namespace AgentWorkflows.Connectors;

/// <summary>
/// The models of a host: <c>default</c> is the one the environment names, <c>ENDPOINT/NAME</c> a deployment of another endpoint, any other name one of the default's
/// endpoint; and the offline playbook.
/// </summary>
public sealed class ModelCatalog(IChatModel playbook, ModelSettings settings) : IChatModelCatalog
{
    private const string Default = "default";
    private readonly ConcurrentDictionary<string, IChatModel> _deployments = new(StringComparer.Ordinal);

    public string? DefaultFallback => settings.Fallback;

    public string Resolve(string deployment) => deployment == Default ? settings.Deployment ?? PlaybookModel.Deployment : deployment;

    public IChatModel? Find(string deployment)
    {
        var resolved = Resolve(deployment);
        if (resolved == PlaybookModel.Deployment)
        {
            return playbook;
        }
        return settings.Locate(resolved) is var (endpoint, model)
            ? _deployments.GetOrAdd(resolved, _ => new OpenAIChatModel(new OpenAISettings(endpoint.Address, model, endpoint.ApiKey, endpoint.IsAzure)))
            : null;
    }

    public string? ProblemOf(string deployment) => settings.ProblemOf(deployment);

    public string Describe(string deployment)
    {
        var resolved = Resolve(deployment);
        return resolved == PlaybookModel.Deployment ? PlaybookModel.Description : resolved;
    }
}
