using AgentWorkflows.Connectors.OpenAI;
using AgentWorkflows.Planning;

namespace AgentWorkflows.Connectors;

/// <summary>The models of a host: the configured provider for <c>default</c> and its deployment, and the offline playbook.</summary>
public sealed class ModelCatalog : IChatModelCatalog
{
    private const string Default = "default";
    private readonly OpenAISettings? _settings;
    private readonly IChatModel? _provider;
    private readonly IChatModel _playbook;

    public ModelCatalog(IChatModel playbook, OpenAISettings? settings)
    {
        _playbook = playbook;
        _settings = settings;
        _provider = settings is null ? null : new OpenAIChatModel(settings);
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
        return resolved == _settings?.Deployment ? _provider : null;
    }

    public string Describe(string deployment)
    {
        var resolved = Resolve(deployment);
        return resolved == PlaybookModel.Deployment ? PlaybookModel.Description : resolved;
    }
}
