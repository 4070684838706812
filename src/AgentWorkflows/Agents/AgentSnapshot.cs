using System.Security.Cryptography;
using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Words;

namespace AgentWorkflows.Agents;

/// <summary>A definition as canonical JSON (members sorted at every level) and the hash of that: SHA-256, lower-case hex.</summary>
internal sealed record AgentSnapshot(string Hash, JsonElement Content)
{
    public static AgentSnapshot Of(AgentDefinition definition)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            ArgumentsHash.WriteCanonical(writer, JsonSerializer.SerializeToElement(definition, DurableJson.Options));
        }
        var bytes = buffer.ToArray();
        using var document = JsonDocument.Parse(bytes);
        return new AgentSnapshot(Convert.ToHexStringLower(SHA256.HashData(bytes)), document.RootElement.Clone());
    }

    public AgentDefinition ToDefinition() =>
        Content.Deserialize<AgentDefinition>(DurableJson.Options) ?? throw new JsonException($"The snapshot {Hash} is null.");
}
