namespace AgentWorkflows.Connectors.Chat;

/// <summary>One place that models are asked at.</summary>
/// <param name="Address">The base address of the API: for OpenAI's protocol what stands before <c>chat/completions</c>, for Azure the resource, else the server.</param>
/// <param name="ApiKey"><c>null</c>: none is sent; on Azure an Entra token instead.</param>
internal sealed record ModelEndpoint(Uri Address, string? ApiKey, ModelProvider Provider)
{
    /// <summary>Default: <see cref="SchemaMode.Strict"/>.</summary>
    public SchemaMode Schemas { get; init; }

    /// <summary>The setting that <see cref="Address"/> comes from, for messages.</summary>
    public string AddressSetting { get; init; } = "the endpoint's address";

    /// <summary>The setting that <see cref="ApiKey"/> comes from, for messages.</summary>
    public string KeySetting { get; init; } = "the endpoint's key";

    /// <summary>The setting that <see cref="Schemas"/> comes from, for messages.</summary>
    public string SchemasSetting { get; init; } = "the endpoint's schemas";

    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Provider} at {Address}";
}
