using System.Text.Encodings.Web;
using System.Text.Json;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Agents.Sources;

/// <summary>
/// The file beside an <c>agent.yaml</c> that says what the tools of its sources were when people reviewed them: name, description and schema, and a hash over the three. It is written by
/// <c>tools pin</c>, and reviewed and kept like code.
/// </summary>
internal sealed record ToolLock(IReadOnlyDictionary<string, PinnedTool> Tools)
{
    public const string FileName = "tools.lock.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ToolLock Empty { get; } = new(new Dictionary<string, PinnedTool>());

    /// <param name="report">Told what is wrong with the file.</param>
    public static ToolLock Read(string folder, Action<string> report)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return Empty;
        }
        try
        {
            var file = JsonSerializer.Deserialize<LockFile>(File.ReadAllText(path), Format)!;
            foreach (var (name, tool) in file.Tools.Where(tool => ToolDefinition.HashOf(tool.Value.Tool, tool.Value.Description, tool.Value.Schema) != tool.Value.Hash))
            {
                report($"The hash of '{name}' is not that of its name '{tool.Tool}', description and schema: the file was changed by hand. Write it again with 'tools pin', and review it.");
            }
            return new ToolLock(file.Tools.ToDictionary(tool => tool.Key, tool => new PinnedTool(tool.Value.Source, tool.Value.Tool, tool.Value.Description, tool.Value.Schema), StringComparer.Ordinal));
        }
        catch (JsonException exception)
        {
            report($"The file cannot be read: {exception.Message} Write it again with 'tools pin'.");
            return Empty;
        }
    }

    /// <summary>Sorted by name, so that a review shows what changed and nothing else.</summary>
    public string Text() => JsonSerializer.Serialize(
        new LockFile(new SortedDictionary<string, LockedTool>(
            Tools.ToDictionary(tool => tool.Key, tool => new LockedTool(
                tool.Value.Source, tool.Value.Tool, ToolDefinition.HashOf(tool.Value.Tool, tool.Value.Description, tool.Value.Schema), tool.Value.Description, tool.Value.Schema)),
            StringComparer.Ordinal)), Format) + "\n";

    private sealed record LockFile(SortedDictionary<string, LockedTool> Tools);

    private sealed record LockedTool(string Source, string Tool, string Hash, string Description, JsonElement Schema);
}
