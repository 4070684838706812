using System.Text.Json;

namespace AgentWorkflows.Record;

internal sealed record SessionOpening(string Goal, JsonElement Context, string AgentVersion)
{
    /// <summary>Whose recorded turns to copy before the first one of its own.</summary>
    public ForkSource? ForkedFrom { get; init; }
}
