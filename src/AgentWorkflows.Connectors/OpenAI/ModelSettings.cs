using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Connectors.OpenAI;

/// <summary>
/// Which models a host reaches: the two endpoints that the providers' usual variables name (<c>azure</c>, <c>openai</c>), further ones under
/// <c>Models:Endpoints:NAME</c>, and what answers for the deployment <c>default</c>.
/// </summary>
public sealed partial record ModelSettings
{
    public const string Azure = "azure";
    public const string OpenAI = "openai";

    private const string Section = "Models";
    private const string EndpointsSection = "Endpoints";
    private static readonly Uri PublicEndpoint = new("https://api.openai.com/v1/");
    private static readonly string[] Reserved = [Azure, OpenAI, "default"];

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
        var problems = new List<string>();
        var endpoints = new Dictionary<string, ModelEndpoint>(StringComparer.Ordinal);
        string? Value(string name) => configuration[name]?.Trim() is { Length: > 0 } value ? value : null;
        if (Value("AZURE_OPENAI_ENDPOINT") is { } azure && Address("AZURE_OPENAI_ENDPOINT", azure, problems) is { } azureAddress)
        {
            endpoints[Azure] = ModelEndpoint.OnAzure(azureAddress, Value("AZURE_OPENAI_API_KEY"));
        }
        var (baseUrl, key) = (Value("OPENAI_BASE_URL"), Value("OPENAI_API_KEY"));
        if ((baseUrl is null ? PublicEndpoint : Address("OPENAI_BASE_URL", baseUrl, problems)) is { } openAIAddress && (baseUrl ?? key) is not null)
        {
            endpoints[OpenAI] = new ModelEndpoint(openAIAddress, key ?? ModelEndpoint.NoKey, IsAzure: false);
        }
        ReadNamed(configuration.GetSection(Section), endpoints, problems);
        return (WithDefault(new ModelSettings { Endpoints = endpoints }, Value, problems), problems);
    }

    /// <summary>Where a deployment is asked, and under which name; <c>null</c> when no endpoint answers for it.</summary>
    public (ModelEndpoint Endpoint, string Model)? Locate(string deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var slash = deployment.IndexOf('/', StringComparison.Ordinal);
        var named = slash > 0 ? Endpoints.GetValueOrDefault(deployment[..slash]) : null;
        // The model that a variable names for its endpoint may have a slash of its own.
        if (DefaultEndpoint is { } own && (deployment == Deployment || slash < 0 || (named is null && deployment == Fallback)))
        {
            return (Endpoints[own], deployment);
        }
        return named is null ? null : (named, deployment[(slash + 1)..]);
    }

    /// <summary>Why a route cannot name a deployment; <c>null</c> when it can, or when this host knows no endpoint and runs the offline playbook only.</summary>
    public string? ProblemOf(string deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var slash = deployment.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || Endpoints.Count == 0 || Locate(deployment) is not null)
        {
            return null;
        }
        var name = deployment[..slash];
        return $"There is no endpoint '{name}'. Known: {string.Join(", ", Endpoints.Keys.Order(StringComparer.Ordinal))}. "
            + $"Configure {Variable(name, "Endpoint")}, or name a deployment of a known endpoint; a model whose own name has a slash is written as ENDPOINT/{deployment}.";
    }

    private static ModelSettings WithDefault(ModelSettings settings, Func<string, string?> value, List<string> problems)
    {
        var (azure, openAI) = (settings.Endpoints.ContainsKey(Azure), settings.Endpoints.ContainsKey(OpenAI));
        var (deployment, model) = (value("AZURE_OPENAI_DEPLOYMENT"), value("OPENAI_MODEL"));
        var (azureFallback, openAIFallback) = (value("AZURE_OPENAI_FALLBACK_DEPLOYMENT"), value("OPENAI_FALLBACK_MODEL"));
        if (azure)
        {
            deployment ??= openAI ? null : model;
            if (deployment is null)
            {
                problems.Add("AZURE_OPENAI_ENDPOINT is set, but AZURE_OPENAI_DEPLOYMENT is not. Set it to the deployment's name.");
                return settings;
            }
            // On the other provider, when only that one names a fallback.
            var fallback = azureFallback ?? (openAI && openAIFallback is not null ? $"{OpenAI}/{openAIFallback}" : null);
            return WithFallback(settings with { Deployment = deployment, DefaultEndpoint = Azure }, "AZURE_OPENAI_FALLBACK_DEPLOYMENT", fallback, problems);
        }
        model ??= deployment;
        if (openAI && model is not null)
        {
            return WithFallback(settings with { Deployment = model, DefaultEndpoint = OpenAI }, "OPENAI_FALLBACK_MODEL", openAIFallback, problems);
        }
        if (openAI && value("OPENAI_BASE_URL") is not null)
        {
            problems.Add("OPENAI_BASE_URL is set, but OPENAI_MODEL is not. Set it to the model's name.");
        }
        if (problems.Count == 0 && (azureFallback ?? openAIFallback) is not null)
        {
            problems.Add("A fallback model is set (AZURE_OPENAI_FALLBACK_DEPLOYMENT or OPENAI_FALLBACK_MODEL), but no model for it to stand in for. Set the model, too.");
        }
        return settings;
    }

    private static ModelSettings WithFallback(ModelSettings settings, string variable, string? fallback, List<string> problems)
    {
        if (fallback is not null && fallback == settings.Deployment)
        {
            problems.Add($"{variable} is the model itself. Name another one, or leave it out.");
        }
        return settings with { Fallback = fallback };
    }

    private static void ReadNamed(IConfigurationSection section, Dictionary<string, ModelEndpoint> endpoints, List<string> problems)
    {
        foreach (var other in section.GetChildren().Where(child => !child.Key.Equals(EndpointsSection, StringComparison.OrdinalIgnoreCase)))
        {
            problems.Add($"{Section}__{other.Key}: there is no such setting. Allowed: {Section}__{EndpointsSection}.");
        }
        foreach (var child in section.GetSection(EndpointsSection).GetChildren())
        {
            var name = child.Key.ToLowerInvariant();
            if (!EndpointName().IsMatch(name) || Reserved.Contains(name))
            {
                problems.Add($"{Section}__{EndpointsSection}__{child.Key} is no name for an endpoint. Allowed: 1 to 32 of a-z, 0-9 and -, and none of {string.Join(", ", Reserved)}.");
            }
            else if (ReadOne(child, problems) is { } endpoint)
            {
                endpoints[name] = endpoint;
            }
        }
    }

    private static ModelEndpoint? ReadOne(IConfigurationSection section, List<string> problems)
    {
        string[] known = ["Endpoint", "ApiKey", "Azure"];
        foreach (var other in section.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            problems.Add($"{Variable(section.Key, other.Key)}: there is no such setting. Allowed: {string.Join(", ", known)}.");
        }
        var azure = false;
        if (section["Azure"] is { Length: > 0 } flag && !bool.TryParse(flag, out azure))
        {
            problems.Add($"{Variable(section.Key, "Azure")} must be true or false.");
        }
        if (section["Endpoint"]?.Trim() is not { Length: > 0 } text)
        {
            problems.Add($"{Variable(section.Key, "Endpoint")} is missing. Set it to the endpoint's address, such as https://west.openai.azure.com.");
            return null;
        }
        var apiKey = section["ApiKey"]?.Trim() is { Length: > 0 } given ? given : null;
        return Address(Variable(section.Key, "Endpoint"), text, problems) is not { } address ? null
            : azure ? ModelEndpoint.OnAzure(address, apiKey)
            : new ModelEndpoint(address, apiKey ?? ModelEndpoint.NoKey, IsAzure: false);
    }

    private static Uri? Address(string name, string value, List<string> problems)
    {
        if (Uri.TryCreate(value.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            && address is { UserInfo: "", Query: "", Fragment: "" })
        {
            return address;
        }
        // An address with a password in it is not repeated.
        problems.Add($"{name}{(value.Contains('@', StringComparison.Ordinal) ? "" : $" is '{value}'; it")} must be an https address, or http on this machine, without user, password or query.");
        return null;
    }

    private static string Variable(string name, string key) => $"{Section}__{EndpointsSection}__{name}__{key}";

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex EndpointName();
}

/// <summary>One place that speaks chat completions.</summary>
/// <param name="Address">The API's base address; for Azure OpenAI the resource's <c>/openai/v1/</c>.</param>
/// <param name="ApiKey"><c>null</c> on Azure: an Entra token is used.</param>
public sealed record ModelEndpoint(Uri Address, string? ApiKey, bool IsAzure)
{
    /// <summary>For endpoints that ask for none; the SDK wants one.</summary>
    public const string NoKey = "none";

    /// <param name="resource">The resource's own address.</param>
    public static ModelEndpoint OnAzure(Uri resource, string? apiKey) => new(new Uri(resource, "openai/v1/"), apiKey, IsAzure: true);

    /// <summary>Without the key.</summary>
    public override string ToString() => Address.ToString();
}
