using Microsoft.Extensions.Configuration;

namespace AgentWorkflows.Connectors.Chat;

/// <summary>Reads <see cref="ModelSettings"/>, and what is wrong with them, by the names people set them under.</summary>
internal sealed class ModelSettingsReader(IConfiguration configuration)
{
    private const string Section = "Models";
    private const string EndpointsSection = "Endpoints";
    private const string SchemasKey = "Schemas";
    private static readonly Uri OpenAIAddress = new("https://api.openai.com/v1/");
    private static readonly Uri AnthropicAddress = new("https://api.anthropic.com/");
    private static readonly string[] Providers = [ModelSettings.Azure, ModelSettings.OpenAI, ModelSettings.Anthropic, ModelSettings.Ollama];
    private static readonly string[] Known = ["Endpoint", "ApiKey", "Provider", "Azure", SchemasKey];
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, ModelEndpoint> _endpoints = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Problems => _problems;

    public ModelSettings Read()
    {
        AddProvider(ModelSettings.Azure, ModelProvider.Azure, "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", null);
        AddProvider(ModelSettings.OpenAI, ModelProvider.OpenAI, "OPENAI_BASE_URL", "OPENAI_API_KEY", OpenAIAddress);
        AddProvider(ModelSettings.Anthropic, ModelProvider.Anthropic, "ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", AnthropicAddress);
        AddProvider(ModelSettings.Ollama, ModelProvider.Ollama, "OLLAMA_BASE_URL", "OLLAMA_API_KEY", null);
        ReadNamed(configuration.GetSection(Section));
        return WithDefault(new ModelSettings { Endpoints = _endpoints });
    }

    public static string Variable(string name, string key) => $"{Section}__{EndpointsSection}__{name}__{key}";

    private string? Value(string name) => configuration[name]?.Trim() is { Length: > 0 } value ? value : null;

    /// <param name="usual">Where a key alone leads; <c>null</c>: an address is needed.</param>
    private void AddProvider(string name, ModelProvider provider, string addressSetting, string keySetting, Uri? usual)
    {
        var (written, key) = (Value(addressSetting), Key(keySetting, Value(keySetting)));
        var address = written is not null ? Address(addressSetting, written, provider) : key is not null ? usual : null;
        if (address is null)
        {
            return;
        }
        _endpoints[name] = new ModelEndpoint(address, key, provider)
        {
            AddressSetting = addressSetting,
            KeySetting = keySetting,
            SchemasSetting = Variable(name, SchemasKey),
            Schemas = Schemas(configuration.GetSection($"{Section}:{EndpointsSection}:{name}")),
        };
        if (provider == ModelProvider.Anthropic && key is null)
        {
            _problems.Add($"{addressSetting} is set, but {keySetting} is not. Set it to the key of that endpoint.");
        }
    }

    private void ReadNamed(IConfigurationSection section)
    {
        foreach (var other in section.GetChildren().Where(child => !child.Key.Equals(EndpointsSection, StringComparison.OrdinalIgnoreCase)))
        {
            _problems.Add($"{Section}__{other.Key}: there is no such setting. Allowed: {Section}__{EndpointsSection}.");
        }
        foreach (var child in section.GetSection(EndpointsSection).GetChildren())
        {
            var name = child.Key.ToLowerInvariant();
            if (Providers.Contains(name))
            {
                ReadReserved(name, child);
            }
            else if (!DeploymentName.IsEndpoint(name) || name == "default")
            {
                _problems.Add(
                    $"{Section}__{EndpointsSection}__{child.Key} is no name for an endpoint. "
                    + $"Allowed: {DeploymentName.EndpointRule}, and none of {string.Join(", ", [.. Providers, "default"])}.");
            }
            else if (ReadOne(child) is { } endpoint)
            {
                _endpoints[name] = endpoint;
            }
        }
    }

    /// <summary>The endpoints of the providers' own variables have their addresses and keys there.</summary>
    private void ReadReserved(string name, IConfigurationSection section)
    {
        foreach (var other in section.GetChildren().Where(child => !child.Key.Equals(SchemasKey, StringComparison.OrdinalIgnoreCase)))
        {
            _problems.Add(
                $"{Variable(section.Key, other.Key)}: the endpoint '{name}' has its address and key in the provider's own variables; only {SchemasKey} is set here. "
                + "Choose another name for another endpoint.");
        }
        if (!_endpoints.ContainsKey(name))
        {
            Schemas(section);
        }
    }

    private ModelEndpoint? ReadOne(IConfigurationSection section)
    {
        string Named(string key) => Variable(section.Key, key);
        foreach (var other in section.GetChildren().Where(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            _problems.Add($"{Named(other.Key)}: there is no such setting. Allowed: {string.Join(", ", Known)}.");
        }
        var (provider, schemas) = (Provider(section), Schemas(section));
        var key = Key(Named("ApiKey"), section["ApiKey"]?.Trim() is { Length: > 0 } given ? given : null);
        if (section["Endpoint"]?.Trim() is not { Length: > 0 } text)
        {
            _problems.Add($"{Named("Endpoint")} is missing. Set it to the endpoint's address, such as https://west.openai.azure.com.");
            return null;
        }
        if (Address(Named("Endpoint"), text, provider) is not { } address)
        {
            return null;
        }
        if (provider == ModelProvider.Anthropic && key is null)
        {
            _problems.Add($"{Named("ApiKey")} is missing. Set it to the key of the endpoint.");
        }
        return new ModelEndpoint(address, key, provider)
        {
            AddressSetting = Named("Endpoint"),
            KeySetting = Named("ApiKey"),
            SchemasSetting = Named(SchemasKey),
            Schemas = schemas,
        };
    }

    private ModelProvider Provider(IConfigurationSection section)
    {
        var azure = false;
        if (section["Azure"] is { Length: > 0 } flag && !bool.TryParse(flag, out azure))
        {
            _problems.Add($"{Variable(section.Key, "Azure")} must be true or false.");
        }
        if (section["Provider"]?.Trim() is not { Length: > 0 } text)
        {
            return azure ? ModelProvider.Azure : ModelProvider.OpenAI;
        }
        if (!Enum.TryParse<ModelProvider>(text, ignoreCase: true, out var provider) || !Providers.Contains(text.ToLowerInvariant()))
        {
            _problems.Add($"{Variable(section.Key, "Provider")} is '{text}'. Allowed: {string.Join(", ", Providers)}.");
        }
        else if (azure && provider != ModelProvider.Azure)
        {
            _problems.Add($"{Variable(section.Key, "Azure")} is true, but {Variable(section.Key, "Provider")} is '{text}'. Leave one of them out.");
        }
        return provider;
    }

    private SchemaMode Schemas(IConfigurationSection section)
    {
        if (section[SchemasKey]?.Trim() is not { Length: > 0 } text)
        {
            return SchemaMode.Strict;
        }
        string[] modes = ["strict", "json", "prompt"];
        if (!modes.Contains(text.ToLowerInvariant()))
        {
            _problems.Add($"{Variable(section.Key, SchemasKey)} is '{text}'. Allowed: {string.Join(", ", modes)}.");
            return SchemaMode.Strict;
        }
        return Enum.Parse<SchemaMode>(text, ignoreCase: true);
    }

    private ModelSettings WithDefault(ModelSettings settings)
    {
        var (deployment, model) = (Value("AZURE_OPENAI_DEPLOYMENT"), Value("OPENAI_MODEL"));
        var openAI = _endpoints.ContainsKey(ModelSettings.OpenAI);
        var openAIFallback = Value("OPENAI_FALLBACK_MODEL");
        if (_endpoints.ContainsKey(ModelSettings.Azure))
        {
            deployment ??= openAI ? null : model;
            if (deployment is null)
            {
                _problems.Add("AZURE_OPENAI_ENDPOINT is set, but AZURE_OPENAI_DEPLOYMENT is not. Set it to the deployment's name.");
                return settings;
            }
            // On the other provider, when only that one names a fallback.
            var fallback = Value("AZURE_OPENAI_FALLBACK_DEPLOYMENT") ?? (openAI && openAIFallback is not null ? $"{ModelSettings.OpenAI}/{openAIFallback}" : null);
            return WithFallback(settings with { Deployment = deployment, DefaultEndpoint = ModelSettings.Azure }, "AZURE_OPENAI_FALLBACK_DEPLOYMENT", fallback);
        }
        model ??= deployment;
        if (openAI && model is not null)
        {
            return WithFallback(settings with { Deployment = model, DefaultEndpoint = ModelSettings.OpenAI }, "OPENAI_FALLBACK_MODEL", openAIFallback);
        }
        foreach (var (name, prefix) in new[] { (ModelSettings.Anthropic, "ANTHROPIC"), (ModelSettings.Ollama, "OLLAMA") })
        {
            if (_endpoints.ContainsKey(name) && Value($"{prefix}_MODEL") is { } own)
            {
                return WithFallback(settings with { Deployment = own, DefaultEndpoint = name }, $"{prefix}_FALLBACK_MODEL", Value($"{prefix}_FALLBACK_MODEL"));
            }
        }
        Incomplete();
        return settings;
    }

    /// <summary>A provider that was meant, and has no model.</summary>
    private void Incomplete()
    {
        foreach (var (address, model) in new[] { ("OPENAI_BASE_URL", "OPENAI_MODEL"), ("ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL"), ("OLLAMA_BASE_URL", "OLLAMA_MODEL") })
        {
            if (Value(address) is not null && Value(model) is null)
            {
                _problems.Add($"{address} is set, but {model} is not. Set it to the model's name.");
            }
        }
        if (Value("OLLAMA_MODEL") is not null && Value("OLLAMA_BASE_URL") is null)
        {
            _problems.Add("OLLAMA_MODEL is set, but OLLAMA_BASE_URL is not. Set it to the server's address, such as http://127.0.0.1:11434.");
        }
        string[] fallbacks = ["AZURE_OPENAI_FALLBACK_DEPLOYMENT", "OPENAI_FALLBACK_MODEL", "ANTHROPIC_FALLBACK_MODEL", "OLLAMA_FALLBACK_MODEL"];
        if (_problems.Count == 0 && fallbacks.FirstOrDefault(name => Value(name) is not null) is { } alone)
        {
            _problems.Add($"A fallback model is set ({alone}), but no model for it to stand in for. Set the model, too.");
        }
    }

    private ModelSettings WithFallback(ModelSettings settings, string variable, string? fallback)
    {
        if (fallback is not null && fallback == settings.Deployment)
        {
            _problems.Add($"{variable} is the model itself. Name another one, or leave it out.");
        }
        return settings with { Fallback = fallback };
    }

    /// <summary>What cannot stand in a header would fail each call as a broken connection, and be charged for.</summary>
    private string? Key(string setting, string? key)
    {
        if (key is null || key.All(character => character is > ' ' and <= '~'))
        {
            return key;
        }
        var at = key.Select((character, index) => (character, index)).First(item => item.character is <= ' ' or > '~').index + 1;
        _problems.Add(
            $"{setting} cannot be sent: its character {at} is none of the visible ASCII characters that a key has. "
            + "Copy the key again; a blank, a line break or a typographic sign has come in.");
        return null;
    }

    private Uri? Address(string name, string value, ModelProvider provider)
    {
        if (Uri.TryCreate(EndpointAddress.WithoutPath(value, provider) + "/", UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            && address is { UserInfo: "", Query: "", Fragment: "" })
        {
            return address;
        }
        // An address with a password in it is not repeated.
        var shown = value.Contains('@', StringComparison.Ordinal) ? "" : $" is '{value}'; it";
        _problems.Add($"{name}{shown} must be an https address, or http on this machine, without user, password or query.");
        return null;
    }
}
