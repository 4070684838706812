using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Words;

namespace AgentWorkflows.Agents;

/// <summary>Reads <c>models</c>: which deployment answers for which purpose.</summary>
internal sealed class ModelRouteReader(IReadOnlyDictionary<string, ModelPrice> prices, Func<string, string?>? endpointProblem)
{
    private const string None = "none";
    private const string Confidential = "confidential";

    public Dictionary<ModelPurpose, ModelRoute> Read(YamlSection root)
    {
        var models = new Dictionary<ModelPurpose, ModelRoute>();
        if (root.Section("models") is not { } section)
        {
            root.Report("models", "This key is required, with at least 'plan'.");
            return models;
        }
        section.Allow([.. Enum.GetValues<ModelPurpose>().Select(SnakeCase.Of), Confidential]);
        foreach (var purpose in Enum.GetValues<ModelPurpose>())
        {
            if (section.Section(SnakeCase.Of(purpose)) is { } route)
            {
                models[purpose] = ReadRoute(route, purpose);
            }
        }
        if (!models.TryGetValue(ModelPurpose.Plan, out var plan))
        {
            section.Report("plan", "This key is required: it names the deployment that plans.");
            return models;
        }
        foreach (var purpose in Enum.GetValues<ModelPurpose>())
        {
            models.TryAdd(purpose, plan);
        }
        return models;
    }

    /// <summary>The deployments that may be sent confidential data; <c>null</c> where the file does not say.</summary>
    public IReadOnlyList<string>? ReadConfidential(YamlSection root)
    {
        if (root.Section("models") is not { } section || !section.Has(Confidential))
        {
            return null;
        }
        var deployments = section.Texts(Confidential);
        if (section.Shape is null)
        {
            foreach (var deployment in deployments)
            {
                Check(section, Confidential, deployment);
            }
        }
        return deployments;
    }

    private ModelRoute ReadRoute(YamlSection section, ModelPurpose purpose)
    {
        string[] keys = ["deployment", "fallback", "max_output_tokens", "temperature", "window_tokens", "cache", "timeout"];
        section.Allow(purpose == ModelPurpose.Plan ? [.. keys, "simple"] : keys);
        var standard = new ModelRoute();
        var deployment = section.Text("deployment", 128) ?? standard.Deployment;
        Check(section, "deployment", deployment);
        return new ModelRoute
        {
            Deployment = deployment,
            Fallback = ReadOther(section, "fallback", deployment),
            Simple = purpose == ModelPurpose.Plan ? ReadOther(section, "simple", deployment) : null,
            MaxOutputTokens = section.Integer("max_output_tokens", 1, 100_000) ?? standard.MaxOutputTokens,
            Temperature = ReadTemperature(section, standard.Temperature),
            WindowTokens = section.Integer("window_tokens", 1000, 2_000_000) ?? standard.WindowTokens,
            Cache = section.Flag("cache", standard.Cache),
            // A reservation that is not settled within 15 minutes is taken for lost.
            Timeout = section.Duration("timeout", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        };
    }

    /// <summary>A deployment that stands in for the route's own.</summary>
    private string? ReadOther(YamlSection section, string key, string deployment)
    {
        if (section.Text(key, 128) is not { } other)
        {
            return null;
        }
        Check(section, key, other);
        if (other == deployment)
        {
            section.Report(key, $"'{other}' is the deployment itself. Name another one, or leave this key out.");
        }
        return other;
    }

    private static double? ReadTemperature(YamlSection section, double? standard)
    {
        section.Shape?.Value("temperature", Schema.ValueSchemas.NumberOr(0, 2, None));
        return section.Text("temperature") == None ? null : section.Number("temperature", 0, 2, None) ?? standard;
    }

    /// <summary>Without a price nothing can be reserved, without an endpoint nothing asked: the first call would fail far from its cause.</summary>
    private void Check(YamlSection section, string key, string deployment)
    {
        if (deployment != new ModelRoute().Deployment && Pricing.Find(prices, deployment) is null)
        {
            section.Report(key, $"'{deployment}' has no price in prices.yaml. Priced: {string.Join(", ", prices.Keys.Order(StringComparer.Ordinal))}.");
        }
        if (endpointProblem?.Invoke(deployment) is { } problem)
        {
            section.Report(key, problem);
        }
    }
}
