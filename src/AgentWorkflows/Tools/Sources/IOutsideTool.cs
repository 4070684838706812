using System.Security.Cryptography;
using System.Text.Json;
using AgentWorkflows.Words;

namespace AgentWorkflows.Tools.Sources;

/// <summary>A tool of a source. Nothing in the program's code vouches for it: its contract stands in <c>agent.yaml</c>, and what is not said there is taken for the worst.</summary>
internal interface IOutsideTool : ITool
{
    ToolDefinition Definition { get; }

    /// <summary>No contract of the code: what the source says of itself is not one.</summary>
    ToolContract? ITool.Contract => null;

    DataLabels ITool.Labels => DataLabels.Untrusted;
}

/// <summary>What a source says of a tool. What it says can raise the caution of a contract, never lower it.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Name">What the source itself calls the tool.</param>
/// <param name="Description">As it came.</param>
/// <param name="Schema">Of the arguments, as it came; the gate checks <see cref="ITool.ParametersSchema"/>, see <see cref="OutsideSchema"/>.</param>
internal sealed record ToolDefinition(string Source, string Name, string Description, JsonElement Schema)
{
    /// <summary>A contract may not say less than that.</summary>
    public ToolTier LeastTier { get; init; } = ToolTier.Read;

    /// <summary>The source says itself that a second call makes a second effect.</summary>
    public bool NeverIdempotent { get; init; }

    /// <summary>Where the contract says none.</summary>
    public TimeSpan Timeout { get; init; } = ToolContract.DefaultTimeout;

    /// <summary>SHA-256, lower-case hex, over name, description and schema: canonical JSON of a list of the three.</summary>
    public string Hash { get; } = HashOf(Name, Description, Schema);

    public static string HashOf(string name, string description, JsonElement schema)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(name);
            writer.WriteStringValue(description);
            ArgumentsHash.WriteCanonical(writer, schema);
            writer.WriteEndArray();
        }
        return Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray()));
    }
}
