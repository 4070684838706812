using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Models;

/// <summary>
/// A JSON schema in the subset that providers enforce while the model writes: every object is closed, every property is required, and an optional one may be null
/// instead. Bounds and patterns are left out; the gate checks them. Pure.
/// </summary>
internal static class StrictSchema
{
    private static readonly string[] Kept = ["type", "enum", "const", "description"];
    private static readonly string[] Understood =
    [
        .. Kept, "properties", "required", "additionalProperties", "items", "anyOf", "title", "default", "examples", "format", "pattern", "minLength", "maxLength",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "$schema",
    ];

    /// <returns><c>null</c> when the schema says something that the subset cannot.</returns>
    public static JsonObject? TryMake(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || schema.EnumerateObject().Any(member => !Understood.Contains(member.Name)))
        {
            return null;
        }
        var strict = new JsonObject();
        foreach (var name in Kept)
        {
            if (schema.TryGetProperty(name, out var value))
            {
                strict[name] = JsonNode.Parse(value.GetRawText());
            }
        }
        if (TypeOf(strict) is { } type)
        {
            strict["type"] = type;
        }
        var whole = (!Says(schema, "object") || AddProperties(schema, strict)) && (!Says(schema, "array") || AddItems(schema, strict)) && AddChoices(schema, strict);
        return whole && strict.Count > 0 ? strict : null;
    }

    /// <summary>Takes out what a model wrote as null because strict mode let it leave nothing out.</summary>
    public static JsonElement WithoutNulls(JsonElement value, JsonElement schema)
    {
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            return JsonSerializer.SerializeToElement(value.EnumerateArray().Select(item => WithoutNulls(item, items)));
        }
        if (value.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties))
        {
            return value;
        }
        var kept = new JsonObject();
        foreach (var member in value.EnumerateObject())
        {
            var known = properties.TryGetProperty(member.Name, out var own);
            if (member.Value.ValueKind == JsonValueKind.Null && known && !IsRequired(schema, member.Name))
            {
                continue;
            }
            kept[member.Name] = JsonNode.Parse((known ? WithoutNulls(member.Value, own) : member.Value).GetRawText());
        }
        return JsonSerializer.SerializeToElement(kept);
    }

    private static bool AddProperties(JsonElement schema, JsonObject strict)
    {
        if (!schema.TryGetProperty("additionalProperties", out var additional) || additional.ValueKind != JsonValueKind.False)
        {
            return false;
        }
        var properties = new JsonObject();
        if (schema.TryGetProperty("properties", out var given))
        {
            foreach (var property in given.EnumerateObject())
            {
                if (TryMake(property.Value) is not { } own)
                {
                    return false;
                }
                properties[property.Name] = IsRequired(schema, property.Name) ? own : OrNull(own);
            }
        }
        strict["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]);
        strict["properties"] = properties;
        strict["additionalProperties"] = false;
        return true;
    }

    private static bool AddItems(JsonElement schema, JsonObject strict)
    {
        if (!schema.TryGetProperty("items", out var items) || TryMake(items) is not { } own)
        {
            return false;
        }
        strict["items"] = own;
        return true;
    }

    private static bool AddChoices(JsonElement schema, JsonObject strict)
    {
        if (!schema.TryGetProperty("anyOf", out var choices))
        {
            return true;
        }
        var made = choices.EnumerateArray().Select(TryMake).ToList();
        strict["anyOf"] = new JsonArray([.. made]);
        return made.TrueForAll(choice => choice is not null);
    }

    public static JsonObject OrNull(JsonObject schema) => new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };

    /// <summary>A list of values may leave its type unsaid in JSON Schema, and may not here.</summary>
    /// <returns><c>null</c> where there is a type, or none that all values have.</returns>
    private static string? TypeOf(JsonObject strict)
    {
        if (strict.ContainsKey("type"))
        {
            return null;
        }
        var values = strict["enum"] is JsonArray list ? [.. list] : strict["const"] is { } only ? (List<JsonNode?>)[only] : [];
        return values.Count == 0 ? null
            : values.TrueForAll(value => value?.GetValueKind() == JsonValueKind.String) ? "string"
            : values.TrueForAll(value => value?.GetValueKind() == JsonValueKind.Number) ? "number"
            : values.TrueForAll(value => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False) ? "boolean"
            : null;
    }

    private static bool Says(JsonElement schema, string type) => schema.TryGetProperty("type", out var given) && (given.ValueKind == JsonValueKind.Array
        ? given.EnumerateArray().Any(item => item.GetString() == type)
        : given.GetString() == type);

    private static bool IsRequired(JsonElement schema, string name) =>
        schema.TryGetProperty("required", out var required) && required.EnumerateArray().Any(item => item.GetString() == name);
}
