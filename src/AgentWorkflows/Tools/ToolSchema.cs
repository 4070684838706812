using System.Text.Json;

namespace AgentWorkflows.Tools;

/// <summary>Reading a tool's argument schema.</summary>
internal static class ToolSchema
{
    public static IReadOnlyList<string> Properties(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) ? [.. properties.EnumerateObject().Select(property => property.Name)] : [];

    public static IReadOnlyList<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(name => name.GetString()!)] : [];

    /// <summary>True when the argument takes numbers and no text.</summary>
    public static bool IsNumber(JsonElement schema, string property)
    {
        if (!schema.TryGetProperty("properties", out var properties) || !properties.TryGetProperty(property, out var argument)
            || !argument.TryGetProperty("type", out var type))
        {
            return false;
        }
        string?[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(item => item.GetString())] : [type.GetString()];
        return !types.Contains("string") && (types.Contains("integer") || types.Contains("number"));
    }
}
