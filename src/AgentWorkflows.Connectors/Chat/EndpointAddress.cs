namespace AgentWorkflows.Connectors.Chat;

/// <summary>Base addresses of APIs as people write them. Pure.</summary>
internal static class EndpointAddress
{
    private static readonly string[] Completions = ["/chat/completions", "/completions", "/responses"];
    private static readonly string[] Azure = ["/openai/v1", "/openai"];
    private static readonly string[] Messages = ["/v1/messages", "/v1"];
    private static readonly string[] Ollama = ["/api/chat", "/api/generate", "/api", "/v1"];

    /// <summary>Without what the client adds by itself, which documentation and portals show with the address; and without a slash at the end.</summary>
    public static string WithoutPath(string address, ModelProvider provider)
    {
        var trimmed = Without(address.TrimEnd('/'), provider == ModelProvider.Ollama ? Ollama : provider == ModelProvider.Anthropic ? Messages : Completions);
        return provider == ModelProvider.Azure ? Without(trimmed, Azure) : trimmed;
    }

    private static string Without(string address, string[] endings) =>
        endings.FirstOrDefault(ending => address.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } end ? address[..^end.Length].TrimEnd('/') : address;
}
