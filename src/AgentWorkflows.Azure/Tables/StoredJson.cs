using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Azure.Tables;

/// <summary>Records and times as they stand in properties.</summary>
internal static class StoredJson
{
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, DurableJson.Options);

    public static T Read<T>(string? json) => JsonSerializer.Deserialize<T>(json ?? "null", DurableJson.Options)
        ?? throw new InvalidDataException($"A stored {typeof(T).Name} is null.");

    public static JsonElement Element(string? json) =>
        JsonSerializer.Deserialize<JsonElement>(json ?? throw new InvalidDataException("A stored JSON value is missing."));

    public static DateTimeOffset Time(long? ticks) => new(ticks ?? 0, TimeSpan.Zero);
}
