namespace AgentWorkflows.Connectors.OpenAI;

/// <summary>Which model answers for the deployment <c>default</c>, by the environment variables users of the provider know.</summary>
/// <param name="Endpoint">The API's base address; for Azure OpenAI the resource's <c>/openai/v1/</c>.</param>
/// <param name="ApiKey"><c>null</c> on Azure: an Entra token is used.</param>
public sealed record OpenAISettings(Uri Endpoint, string Deployment, string? ApiKey, bool IsAzure)
{
    private static readonly Uri PublicEndpoint = new("https://api.openai.com/v1/");

    /// <summary>Of one call, from request to whole answer. Default 100 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// Azure OpenAI when <c>AZURE_OPENAI_ENDPOINT</c> and <c>AZURE_OPENAI_DEPLOYMENT</c> are set; any compatible endpoint when <c>OPENAI_MODEL</c> and one of
    /// <c>OPENAI_BASE_URL</c> and <c>OPENAI_API_KEY</c> are set; else none.
    /// </summary>
    /// <param name="read">Reads a variable; <c>null</c> when it is not set.</param>
    /// <exception cref="ArgumentException">Names the variable that is wrong or missing.</exception>
    public static OpenAISettings? FromEnvironment(Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var model = Value(read, "AZURE_OPENAI_DEPLOYMENT") ?? Value(read, "OPENAI_MODEL");
        if (Value(read, "AZURE_OPENAI_ENDPOINT") is { } azure)
        {
            return new OpenAISettings(
                new Uri(Address("AZURE_OPENAI_ENDPOINT", azure), "openai/v1/"),
                model ?? throw new ArgumentException("AZURE_OPENAI_ENDPOINT is set, but AZURE_OPENAI_DEPLOYMENT is not. Set it to the deployment's name."),
                Value(read, "AZURE_OPENAI_API_KEY"), IsAzure: true);
        }
        var endpoint = Value(read, "OPENAI_BASE_URL");
        var key = Value(read, "OPENAI_API_KEY");
        if (endpoint is null && key is null)
        {
            return null;
        }
        if (model is null)
        {
            return endpoint is null
                ? null
                : throw new ArgumentException("OPENAI_BASE_URL is set, but OPENAI_MODEL is not. Set it to the model's name.");
        }
        return new OpenAISettings(endpoint is null ? PublicEndpoint : Address("OPENAI_BASE_URL", endpoint), model, key ?? "none", IsAzure: false);
    }

    private static string? Value(Func<string, string?> read, string name) => read(name)?.Trim() is { Length: > 0 } value ? value : null;

    private static Uri Address(string name, string value) =>
        Uri.TryCreate(value.TrimEnd('/') + "/", UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            ? address
            : throw new ArgumentException($"{name} is '{value}'; it must be an https address, or http on this machine.");
}
