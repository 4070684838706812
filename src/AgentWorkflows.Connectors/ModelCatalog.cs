using System.Collections.Concurrent;
using AgentWorkflows.Connectors.Chat;
using AgentWorkflows.Models;
using Microsoft.Extensions.AI;

namespace AgentWorkflows.Connectors;

/// <summary>
/// The models of a host: <c>default</c> is the one the environment names, <c>ENDPOINT/NAME</c> a deployment of another endpoint, any other name one of the default's
/// endpoint; clients of the program under the names it gives them; and the offline playbook.
/// </summary>
/// <param name="clients">
/// By name, of the characters of an endpoint's. <c>NAME</c> is the client's own model, <c>NAME/MODEL</c> another one of it. When the settings name no model and there
/// is one client, <c>default</c> is that.
/// </param>
internal sealed class ModelCatalog(IChatModel playbook, ModelSettings settings, IReadOnlyDictionary<string, IChatClient>? clients = null) : IChatModelCatalog
{
    private const string Default = "default";
    private readonly IReadOnlyDictionary<string, IChatClient> _clients = clients ?? new Dictionary<string, IChatClient>();
    private readonly ConcurrentDictionary<string, IChatModel> _deployments = new(StringComparer.Ordinal);

    public string? DefaultFallback => settings.Fallback;

    public string Resolve(string deployment) => deployment != Default ? deployment
        : settings.Deployment ?? (_clients.Count == 1 ? _clients.Keys.Single() : PlaybookModel.Deployment);

    public IChatModel? Find(string deployment)
    {
        var resolved = Resolve(deployment);
        if (resolved == PlaybookModel.Deployment)
        {
            return playbook;
        }
        var name = DeploymentName.Of(resolved);
        if (_clients.TryGetValue(name.Endpoint ?? resolved, out var client))
        {
            return _deployments.GetOrAdd(resolved, _ => new ChatClientModel(client, name.Endpoint is null ? null : name.Model));
        }
        return settings.Locate(resolved) is var (endpoint, model) ? _deployments.GetOrAdd(resolved, _ => ChatClients.Create(endpoint, model)) : null;
    }

    public string? ProblemOf(string deployment) => _clients.ContainsKey(DeploymentName.Of(deployment).Endpoint ?? deployment) ? null : settings.ProblemOf(deployment);

    public string Describe(string deployment)
    {
        var resolved = Resolve(deployment);
        return resolved == PlaybookModel.Deployment ? PlaybookModel.Description : resolved;
    }
}
