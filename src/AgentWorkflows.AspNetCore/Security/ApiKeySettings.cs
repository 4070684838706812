namespace AgentWorkflows.AspNetCore.Security;

/// <summary>The setting <c>ApiKeys</c>. None: the API is open to this machine, and to no other.</summary>
internal sealed record ApiKeySettings
{
    public IReadOnlyList<ApiKey> Keys { get; init; } = [];
}
