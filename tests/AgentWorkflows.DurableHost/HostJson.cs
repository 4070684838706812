using System.Collections;
using System.Text.Json;

namespace AgentWorkflows.DurableHost;

/// <summary>
/// The settings that the platform reads from host.json, by their path with colons; application settings that begin with its name for
/// them stand above the file.
/// </summary>
internal static class HostJson
{
    private const string Override = "AzureFunctionsJobHost__";

    public static IReadOnlyDictionary<string, string?> EnvironmentSettings() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value);

    public static IReadOnlyDictionary<string, string?> Read(string folder)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "host.json")));
        Add(settings, "", json.RootElement);
        foreach (var (name, value) in EnvironmentSettings().Where(
            setting => setting.Key.StartsWith(Override, StringComparison.OrdinalIgnoreCase)))
        {
            settings[name[Override.Length..].Replace("__", ":", StringComparison.Ordinal)] = value;
        }
        return settings;
    }

    private static void Add(Dictionary<string, string?> settings, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                Add(settings, path.Length == 0 ? member.Name : $"{path}:{member.Name}", member.Value);
            }
            return;
        }
        settings[path] = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
    }
}
