using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentWorkflows.Words;

/// <summary>
/// Ties a decision to exactly what was shown: SHA-256 (lower-case hex) over the tool's name, a line feed, and the arguments as canonical JSON
/// (members sorted by ordinal name at every level, no white space, numbers as written).
/// </summary>
internal static class ArgumentsHash
{
    public static string Of(string tool, JsonElement arguments)
    {
        using var buffer = new MemoryStream();
        buffer.Write(Encoding.UTF8.GetBytes(tool + "\n"));
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteCanonical(writer, arguments);
        }
        return Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray()));
    }

    internal static void WriteCanonical(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteCanonical(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteCanonical(writer, item);
                }
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
