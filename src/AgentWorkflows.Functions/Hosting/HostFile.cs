using System.Text.Json;

namespace AgentWorkflows.Functions.Hosting;

/// <summary>What the worker itself reads of host.json, which lies beside the app and is the platform's.</summary>
internal static class HostFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="path">Key in key.</param>
    /// <returns><c>null</c>: there is no such file, or no such text in it.</returns>
    public static string? Text(string folder, params ReadOnlySpan<string> path)
    {
        var file = Path.Combine(folder, "host.json");
        if (!File.Exists(file))
        {
            return null;
        }
        using var json = JsonDocument.Parse(File.ReadAllText(file), Lenient);
        var found = json.RootElement;
        foreach (var key in path)
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(key, out found))
            {
                return null;
            }
        }
        return found.ValueKind == JsonValueKind.String ? found.GetString() : null;
    }
}
