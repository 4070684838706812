using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflows.AspNetCore.Console;

/// <summary>
/// The console, as built into this assembly. Its files stand under a folder named by the hash of all of them, so that a browser may keep them for good and
/// still never mixes two versions. Immutable.
/// </summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "console/";
    private const string IndexName = "index.html";
    private const string VersionMark = "{version}";
    private const string PreloadsMark = "<!-- preloads -->";
    private const int VersionBytes = 8;

    private readonly Dictionary<string, ConsoleFile> _files = new(StringComparer.Ordinal);

    private ConsoleFiles(IReadOnlyDictionary<string, byte[]> contents)
    {
        Version = VersionOf(contents);
        foreach (var (path, content) in contents)
        {
            _files[path] = new ConsoleFile(path, path == IndexName ? Complete(content, contents.Keys) : content);
        }
        Index = _files[IndexName];
    }

    public static ConsoleFiles Embedded { get; } = Load();

    public string Version { get; }

    public ConsoleFile Index { get; }

    public IEnumerable<ConsoleFile> All => _files.Values;

    public ConsoleFile? Find(string path) => _files.GetValueOrDefault(path);

    private static ConsoleFiles Load()
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames())
        {
            // A build on Windows writes the folders of resource names with backslashes.
            var path = name.Replace('\\', '/');
            if (path.StartsWith(Prefix, StringComparison.Ordinal))
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                using var buffer = new MemoryStream();
                stream.CopyTo(buffer);
                contents[path[Prefix.Length..]] = buffer.ToArray();
            }
        }
        return new ConsoleFiles(contents);
    }

    private static string VersionOf(IReadOnlyDictionary<string, byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in contents.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(SHA256.HashData(content));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, VersionBytes));
    }

    /// <summary>Names the version, and all modules at once: a browser would else learn of each only from the one that imports it.</summary>
    private byte[] Complete(byte[] index, IEnumerable<string> paths)
    {
        var modules = paths.Where(path => path.EndsWith(".js", StringComparison.Ordinal) && path != "js/theme.js").Order(StringComparer.Ordinal)
            .Select(path => $"<link rel=\"modulepreload\" href=\"console/{VersionMark}/{path}\">");
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(index)
            .Replace(PreloadsMark, string.Join("\n  ", modules), StringComparison.Ordinal)
            .Replace(VersionMark, Version, StringComparison.Ordinal));
    }
}
