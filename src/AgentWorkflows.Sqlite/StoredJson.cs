using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Sqlite;

/// <summary>Records and times as they stand in columns.</summary>
internal static class StoredJson
{
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, DurableJson.Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, DurableJson.Options)
        ?? throw new InvalidDataException($"A stored {typeof(T).Name} is null.");

    public static long Ticks(DateTimeOffset time) => time.UtcTicks;

    public static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
