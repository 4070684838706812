namespace AgentWorkflows.Connectors.OpenAI;

/// <summary>One model of one endpoint.</summary>
/// <param name="Endpoint">The API's base address; for Azure OpenAI the resource's <c>/openai/v1/</c>.</param>
/// <param name="Deployment">As the endpoint knows it.</param>
/// <param name="ApiKey"><c>null</c> on Azure: an Entra token is used.</param>
public sealed record OpenAISettings(Uri Endpoint, string Deployment, string? ApiKey, bool IsAzure)
{
    /// <summary>Of one call, from request to whole answer. Default 100 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Deployment} at {Endpoint}";
}
