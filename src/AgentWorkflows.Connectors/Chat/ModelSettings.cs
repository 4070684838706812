using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>
/// Which models a host reaches: the endpoints that the providers' usual variables name (<c>azure</c>, <c>openai</c>, <c>anthropic</c>, <c>ollama</c>), further ones under
/// <c>Models:Endpoints:NAME</c>, and what answers for the deployment <c>default</c>.
/// </summary>
internal sealed record ModelSettings
{
    public const string Azure = "azure";
    public const string OpenAI = "openai";
    public const string Anthropic = "anthropic";
    public const string Ollama = "ollama";

    /// <summary>What <c>default</c> stands for; <c>null</c>: the offline playbook.</summary>
    public string? Deployment { get; init; }

    /// <summary>What stands in for <c>default</c> where a route names no fallback.</summary>
    public string? Fallback { get; init; }

    /// <summary>Answers for <c>default</c> and for every name without an endpoint.</summary>
    public string? DefaultEndpoint { get; init; }

    /// <summary>By name, in lower case.</summary>
    public IReadOnlyDictionary<string, ModelEndpoint> Endpoints { get; init; } = new Dictionary<string, ModelEndpoint>();

    /// <summary>All problems at once; none of them repeats a key.</summary>
    public static (ModelSettings Settings, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var reader = new ModelSettingsReader(configuration);
        return (reader.Read(), reader.Problems);
    }

    /// <summary>Where a deployment is asked, and under which name; <c>null</c> when no endpoint answers for it.</summary>
    public (ModelEndpoint Endpoint, string Model)? Locate(string deployment)
    {
        var name = DeploymentName.Of(deployment);
        var named = name.Endpoint is { } endpoint ? Endpoints.GetValueOrDefault(endpoint) : null;
        // The model that a variable names for its endpoint may have a slash of its own.
        if (DefaultEndpoint is { } own && (deployment == Deployment || name.Endpoint is null || (named is null && deployment == Fallback)))
        {
            return (Endpoints[own], deployment);
        }
        return named is null ? null : (named, name.Model);
    }

    /// <summary>Why a route cannot name a deployment; <c>null</c> when it can, or when this host knows no endpoint and runs the offline playbook only.</summary>
    public string? ProblemOf(string deployment)
    {
        if (DeploymentName.Of(deployment).Endpoint is not { } name || Endpoints.Count == 0 || Locate(deployment) is not null)
        {
            return null;
        }
        return $"There is no endpoint '{name}'. Known: {string.Join(", ", Endpoints.Keys.Order(StringComparer.Ordinal))}. "
            + $"Configure {ModelSettingsReader.Variable(name, "Endpoint")}, or name a deployment of a known endpoint; "
            + $"a model whose own name has a slash is written as ENDPOINT/{deployment}.";
    }
}
