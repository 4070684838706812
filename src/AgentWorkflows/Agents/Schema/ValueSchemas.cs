using System.Text.Json.Nodes;

namespace AgentWorkflows.Agents.Schema;

/// <summary>JSON schemas of the values that YAML readers ask for.</summary>
internal static class ValueSchemas
{
    public static JsonObject Text(int maxLength) => new() { ["type"] = "string", ["maxLength"] = maxLength };

    public static JsonObject Scalar() => new() { ["type"] = new JsonArray("string", "number", "boolean") };

    public static JsonObject Flag(bool otherwise) => new() { ["type"] = "boolean", ["default"] = otherwise };

    public static JsonObject Integer(int min, int max) => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };

    public static JsonObject Number(decimal min, decimal max) => new() { ["type"] = "number", ["minimum"] = min, ["maximum"] = max };

    public static JsonObject NumberOr(decimal min, decimal max, string word) => new() { ["anyOf"] = new JsonArray(Number(min, max), new JsonObject { ["const"] = word }) };

    public static JsonObject Choice(IEnumerable<string> words) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) };

    public static JsonObject Duration(string min, string max) => new()
    {
        ["type"] = "string",
        ["pattern"] = "^[0-9]{1,7}(ms|s|m|h|d)$",
        ["$comment"] = $"From {min} to {max}.",
    };
}
