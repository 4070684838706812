using System.Collections.Concurrent;
using AgentWorkflows.Connectors.OpenAI;
using AgentWorkflows.Planning;

namespace AgentWorkflows.Connectors;

/// <summary>The models of a host: the deployments of the configured provider, <c>default</c> being the one the environment names, and the offline playbook.</summary>
public sealed class ModelCatalog : IChatModelCatalog
{
    private const string Default = "default";
    private readonly OpenAISettings? _settings;
    private readonly ConcurrentDictionary<string, IChatModel> _deployments = new(StringComparer.Ordinal);
    private readonly IChatModel _playbook;

    public ModelCatalog(IChatModel playbook, OpenAISettings? settings)
    {
        _playbook = playbook;
        _settings = settings;
    }

    public string Resolve(string deployment) =>
        deployment == Default ? _settings?.Deployment ?? PlaybookModel.Deployment : deployment;

    public IChatModel? Find(string deployment)
    {
        var resolved = Resolve(deployment);
        if (resolved == PlaybookModel.Deployment)
        {
            return _playbook;
        }
        return _settings is null ? null : _deployments.GetOrAdd(resolved, name => new OpenAIChatModel(_settings with { Deployment = name }));
    }

    public string Describe(string deployment)
    {
        var resolved = Resolve(deployment);
        return resolved == PlaybookModel.Deployment ? PlaybookModel.Description : resolved;
    }
}
