using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentWorkflows.Tools.Sources;

/// <summary>What <c>agent.yaml</c> or the builder says of a source; the base of one record for each kind. Names variables of the environment, never their values.</summary>
/// <param name="Name">See <see cref="ToolSourceNames"/>.</param>
internal abstract record ToolSourceSettings(string Name)
{
    /// <summary>Such as <c>mcp</c>: the key of <c>agent.yaml</c> that has them.</summary>
    [JsonIgnore]
    public abstract string Kind { get; }

    /// <summary>What is asked of the host to reach it, for a host that cannot.</summary>
    [JsonIgnore]
    public abstract string ToDo { get; }

    /// <summary>Two agents may name one source if they say the same of it.</summary>
    public bool SaysTheSameAs(ToolSourceSettings other) => Kind == other.Kind && Text() == other.Text();

    private string Text() => JsonSerializer.Serialize(this, GetType());
}
