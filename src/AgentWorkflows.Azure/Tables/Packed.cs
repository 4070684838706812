using System.IO.Compression;
using System.Text;
using Azure.Data.Tables;

namespace AgentWorkflows.Azure.Tables;

/// <summary>
/// Text in properties of an entity. A property has at most 64 KiB: short text is kept readable as a string, longer text compressed in numbered
/// binary properties.
/// </summary>
internal static class Packed
{
    /// <summary>Of a property, in bytes.</summary>
    public const int MaxProperty = 64 * 1024;

    /// <summary>Strings are kept as UTF-16: two bytes a character.</summary>
    private const int MaxCharacters = MaxProperty / 2;

    /// <summary>What one entity (1 MiB at most) takes of one text, with room for its other properties and for Base64 on the way.</summary>
    public const int MaxEntityBytes = 8 * MaxProperty;

    /// <exception cref="ArgumentException">The text has more than an entity takes, compressed.</exception>
    public static void Write(TableEntity entity, string name, string text, string what)
    {
        if (text.Length <= MaxCharacters)
        {
            entity[name] = text;
            return;
        }
        var bytes = Compress(text);
        if (bytes.Length > MaxEntityBytes)
        {
            throw new ArgumentException(
                $"{what} has {bytes.Length} bytes when compressed; at most {MaxEntityBytes} are kept. Store less, or a reference to it.");
        }
        WriteBytes(entity, name, bytes);
    }

    public static string? Read(TableEntity entity, string name) =>
        entity.GetString(name) ?? (ReadBytes(entity, name) is { Length: > 0 } bytes ? Decompress(bytes) : null);

    public static bool FitsAsText(string text) => text.Length <= MaxCharacters;

    public static void WriteBytes(TableEntity entity, string name, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i * MaxProperty < bytes.Length; i++)
        {
            var from = i * MaxProperty;
            entity[$"{name}{i}"] = bytes[from..Math.Min(bytes.Length, from + MaxProperty)].ToArray();
        }
    }

    public static byte[] ReadBytes(TableEntity entity, string name)
    {
        using var all = new MemoryStream();
        for (var i = 0; entity.GetBinary($"{name}{i}") is { } part; i++)
        {
            all.Write(part);
        }
        return all.ToArray();
    }

    public static byte[] Compress(string text)
    {
        using var compressed = new MemoryStream();
        using (var zip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }
        return compressed.ToArray();
    }

    public static string Decompress(byte[] bytes)
    {
        using var zip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(zip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
