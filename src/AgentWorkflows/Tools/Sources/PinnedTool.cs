using System.Text;
using System.Text.Json;

namespace AgentWorkflows.Tools.Sources;

/// <summary>What a tool of a source was when people reviewed it. Part of the agent's snapshot, so a session knows what it was started with.</summary>
/// <param name="Tool">What the source calls it.</param>
internal sealed record PinnedTool(string Source, string Tool, string Description, JsonElement Schema)
{
    private const int MaxDiff = 1500;

    private static readonly JsonSerializerOptions Lines = new() { WriteIndented = true };

    public static PinnedTool Of(ToolDefinition definition) => new(definition.Source, definition.Name, definition.Description, definition.Schema);

    public bool Is(ToolDefinition definition) => ToolDefinition.HashOf(Tool, Description, Schema) == definition.Hash;

    /// <summary>What is there no more with -, what is new with +; for people, never for the model: it has the server's own words. At most 1,500 characters.</summary>
    public string Diff(ToolDefinition now)
    {
        var text = new StringBuilder();
        Append(text, "name", [Tool], [now.Name]);
        Append(text, "description", Description.Split('\n'), now.Description.Split('\n'));
        Append(text, "schema", LinesOf(Schema), LinesOf(now.Schema));
        return text.Length <= MaxDiff ? text.ToString().TrimEnd() : text.ToString(0, MaxDiff) + "…";
    }

    private static void Append(StringBuilder text, string what, string[] before, string[] after)
    {
        var (start, end) = (0, 0);
        while (start < before.Length && start < after.Length && before[start] == after[start])
        {
            start++;
        }
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }
        foreach (var line in before[start..^end])
        {
            text.Append("- ").Append(what).Append(": ").Append(line.Trim()).Append('\n');
        }
        foreach (var line in after[start..^end])
        {
            text.Append("+ ").Append(what).Append(": ").Append(line.Trim()).Append('\n');
        }
    }

    private static string[] LinesOf(JsonElement schema) => JsonSerializer.Serialize(schema, Lines).Split('\n');
}
