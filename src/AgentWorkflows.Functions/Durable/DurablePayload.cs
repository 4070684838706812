using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Functions.Durable;

/// <summary>
/// Payloads cross Durable Task as JSON values that this code wrote, so that history reads the same whatever serializer the host uses.
/// </summary>
internal static class DurablePayload
{
    public static JsonElement? Write(object? value, string what)
    {
        try
        {
            return value is null ? null : JsonSerializer.SerializeToElement(value, value.GetType(), DurableJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new DurableException(DurableErrorTypes.Serialization, $"{what} cannot be written as JSON: {e.Message}", isNonRetryable: true);
        }
    }

    public static object? Read(JsonElement? payload, Type type, string what)
    {
        if (payload is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } json)
        {
            return null;
        }
        try
        {
            return json.Deserialize(type, DurableJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new DurableException(DurableErrorTypes.Serialization, $"{what} cannot be read as {type.Name}: {e.Message}", isNonRetryable: true);
        }
    }

    public static T Read<T>(JsonElement? payload, string what) => Read(payload, typeof(T), what) is T value ? value : default!;
}
