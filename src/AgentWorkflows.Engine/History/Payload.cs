using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.History;

/// <summary>Values to and from the UTF-8 JSON kept in history; every failure names what could not be exchanged.</summary>
internal static class Payload
{
    public static readonly ReadOnlyMemory<byte> Null = "null"u8.ToArray();

    /// <exception cref="DurableException"><see cref="DurableErrorTypes.Serialization"/> or <see cref="DurableErrorTypes.PayloadTooLarge"/>.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Converters throw anything; all of it means the value cannot be written.")]
    public static ReadOnlyMemory<byte> Write(object? value, Type? type, int limit, string what)
    {
        if (value is null)
        {
            return Null;
        }
        byte[] bytes;
        try
        {
            bytes = JsonSerializer.SerializeToUtf8Bytes(value, type ?? value.GetType(), DurableJson.Options);
        }
        catch (Exception e)
        {
            throw new DurableException(
                DurableErrorTypes.Serialization, $"{what} of type '{value.GetType().FullName}' could not be written as JSON: {e.Message}", true);
        }
        return bytes.Length <= limit
            ? bytes
            : throw new DurableException(
                DurableErrorTypes.PayloadTooLarge, $"{what} is {bytes.Length} bytes of JSON; at most {limit} are allowed. Store it elsewhere and pass a reference.", true);
    }

    /// <exception cref="DurableException"><see cref="DurableErrorTypes.Serialization"/>.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Converters throw anything; all of it means the value cannot be read.")]
    public static object? Read(ReadOnlyMemory<byte> json, Type type, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, type, DurableJson.Options);
        }
        catch (Exception e)
        {
            throw Unreadable(type, what, e);
        }
    }

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte}, Type, string)"/>
    [SuppressMessage("Design", "CA1031", Justification = "Converters throw anything; all of it means the value cannot be read.")]
    public static T? Read<T>(ReadOnlyMemory<byte> json, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json.Span, DurableJson.Options);
        }
        catch (Exception e)
        {
            throw Unreadable(typeof(T), what, e);
        }
    }

    private static DurableException Unreadable(Type type, string what, Exception cause) =>
        new(DurableErrorTypes.Serialization, $"{what} could not be read as '{type.FullName}': {cause.Message}", true);
}
