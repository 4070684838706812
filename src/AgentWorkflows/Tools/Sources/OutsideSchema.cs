using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Tools.Sources;

/// <summary>
/// A schema from outside as one that the gate can enforce: local references put in their places, a choice with <c>null</c> as a type of two, and whatever
/// <see cref="SchemaCheck"/> does not know left out. So the gate lets through nothing that the schema forbids by keywords that it knows; the rest is the source's own check.
/// Arguments that nobody described do not pass. Pure.
/// </summary>
internal static class OutsideSchema
{
    private const int MaxDepth = ArgumentCheck.MaxDepth - 1;

    /// <summary>What many references to large schemas could unfold to.</summary>
    private const int MaxNodes = 5000;

    public static JsonElement Enforceable(JsonElement schema)
    {
        var reading = new Reading(schema);
        var root = reading.Narrow(schema, 1);
        root["type"] = "object";
        root["properties"] ??= new JsonObject();
        root["additionalProperties"] = false;
        KeepKnownRequired(root);
        return JsonSerializer.SerializeToElement(root);
    }

    private static void KeepKnownRequired(JsonObject schema)
    {
        if (schema["required"] is not JsonArray required)
        {
            return;
        }
        var properties = schema["properties"] as JsonObject;
        var known = required.OfType<JsonValue>().Select(name => name.TryGetValue<string>(out var text) ? text : null)
            .OfType<string>().Where(name => properties?.ContainsKey(name) == true).Distinct(StringComparer.Ordinal).ToList();
        schema["required"] = new JsonArray([.. known.Select(name => JsonValue.Create(name))]);
    }

    private sealed class Reading(JsonElement root)
    {
        private int _nodes;

        public JsonObject Narrow(JsonElement schema, int depth)
        {
            if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth || ++_nodes > MaxNodes)
            {
                // Anything: what is nested so deep is for the source to check.
                return [];
            }
            schema = Resolved(schema, []);
            var narrow = new JsonObject();
            foreach (var member in schema.EnumerateObject())
            {
                if (Kept(member, depth) is { } value)
                {
                    narrow[member.Name] = value;
                }
            }
            foreach (var part in Members(schema, "allOf"))
            {
                Merge(narrow, Narrow(part, depth + 1));
            }
            if (!narrow.ContainsKey("type") && !narrow.ContainsKey("properties"))
            {
                Choose(narrow, [.. Members(schema, "anyOf").Concat(Members(schema, "oneOf"))], depth);
            }
            if (schema.TryGetProperty("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True)
            {
                AllowNull(narrow);
            }
            KeepKnownRequired(narrow);
            return narrow;
        }

        private JsonNode? Kept(JsonProperty member, int depth)
        {
            switch (member.Name)
            {
                case "properties" when member.Value.ValueKind == JsonValueKind.Object:
                    var properties = new JsonObject();
                    foreach (var property in member.Value.EnumerateObject())
                    {
                        properties[property.Name] = Narrow(property.Value, depth + 1);
                    }
                    return properties;
                case "items" when member.Value.ValueKind == JsonValueKind.Object:
                    return Narrow(member.Value, depth + 1);
                case "properties" or "items" or "$schema" or "$id" or "$comment" or "examples":
                    return null;
                case var name when !SchemaCheck.Keywords.Contains(name):
                    return null;
                default:
                    return SchemaCheck.IsEnforceable(member) ? JsonNode.Parse(member.Value.GetRawText()) : null;
            }
        }

        /// <summary>What stands where a reference points to, with what stands beside the reference.</summary>
        private JsonElement Resolved(JsonElement schema, HashSet<string> seen)
        {
            if (!schema.TryGetProperty("$ref", out var reference) || reference.ValueKind != JsonValueKind.String || !seen.Add(reference.GetString()!)
                || Target(reference.GetString()!) is not { ValueKind: JsonValueKind.Object } target)
            {
                return schema;
            }
            var whole = JsonNode.Parse(Resolved(target, seen).GetRawText())!.AsObject();
            foreach (var member in schema.EnumerateObject().Where(member => member.Name != "$ref"))
            {
                whole[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
            return JsonSerializer.SerializeToElement(whole);
        }

        /// <summary>References to other documents are not followed.</summary>
        private JsonElement? Target(string reference)
        {
            if (!reference.StartsWith("#/", StringComparison.Ordinal))
            {
                return null;
            }
            var at = root;
            foreach (var step in reference[2..].Split('/'))
            {
                var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                {
                    return null;
                }
            }
            return at;
        }

        /// <summary>Of several schemas one may hold: what can be said of all of them is their types, and all of the one that is left beside <c>null</c>.</summary>
        private void Choose(JsonObject narrow, List<JsonElement> choices, int depth)
        {
            if (choices.Count == 0)
            {
                return;
            }
            var read = choices.Select(choice => Narrow(choice, depth + 1)).ToList();
            var others = read.Where(choice => !IsNull(choice)).ToList();
            if (others.Count == 1)
            {
                Merge(narrow, others[0]);
                if (others.Count < read.Count)
                {
                    AllowNull(narrow);
                }
                return;
            }
            if (read.All(choice => choice["type"] is not null))
            {
                narrow["type"] = new JsonArray([.. read.SelectMany(choice => Types(choice)).Distinct(StringComparer.Ordinal).Select(type => JsonValue.Create(type))]);
            }
        }
    }

    private static void Merge(JsonObject into, JsonObject other)
    {
        foreach (var (name, value) in other)
        {
            if (name == "properties" && into[name] is JsonObject properties && value is JsonObject more)
            {
                Merge(properties, more);
            }
            else if (name == "required" && into[name] is JsonArray required && value is JsonArray others)
            {
                into[name] = new JsonArray([.. required.Concat(others).Select(item => item?.GetValue<string>()).Distinct(StringComparer.Ordinal).Select(item => JsonValue.Create(item))]);
            }
            else if (!into.ContainsKey(name))
            {
                into[name] = value?.DeepClone();
            }
        }
    }

    private static void AllowNull(JsonObject schema)
    {
        if (schema["type"] is null)
        {
            return;
        }
        schema["type"] = new JsonArray([.. Types(schema).Append("null").Distinct(StringComparer.Ordinal).Select(type => JsonValue.Create(type))]);
        if (schema["enum"] is JsonArray choices && !choices.Any(choice => choice is null))
        {
            choices.Add(null);
        }
    }

    private static bool IsNull(JsonObject schema) => Types(schema) is ["null"];

    private static List<string> Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => [.. types.OfType<JsonValue>().Select(type => type.GetValue<string>())],
        JsonValue type => [type.GetValue<string>()],
        _ => [],
    };

    private static IEnumerable<JsonElement> Members(JsonElement schema, string key) =>
        schema.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];
}
