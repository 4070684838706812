using System.IO.Compression;

namespace AgentWorkflows.AspNetCore.Console;

/// <summary>One file of the console as it is sent. Immutable.</summary>
internal sealed class ConsoleFile
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly Lazy<byte[]> _compressed;

    /// <exception cref="InvalidOperationException">Nobody said what a file with this ending is.</exception>
    public ConsoleFile(string path, byte[] content)
    {
        Path = path;
        Content = content;
        ContentType = Types.GetValueOrDefault(System.IO.Path.GetExtension(path))
            ?? throw new InvalidOperationException($"The console's file '{path}' has no content type.");
        ETag = EntityTag.Of(content);
        _compressed = new Lazy<byte[]>(() => Compress(content));
    }

    public string Path { get; }

    public string ContentType { get; }

    public string ETag { get; }

    public byte[] Content { get; }

    /// <summary>With gzip.</summary>
    public byte[] Compressed => _compressed.Value;

    private static byte[] Compress(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.SmallestSize))
        {
            gzip.Write(content);
        }
        return buffer.ToArray();
    }
}
