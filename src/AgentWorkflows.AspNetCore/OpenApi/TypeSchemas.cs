using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace AgentWorkflows.AspNetCore.OpenApi;

/// <summary>JSON schemas of the API's records, from the same metadata that writes them; each record once, under its name.</summary>
internal sealed class TypeSchemas
{
    private const string Suffix = "Response";

    private readonly SortedDictionary<string, JsonNode> _components = new(StringComparer.Ordinal);
    private readonly Queue<Type> _waiting = new();
    private readonly HashSet<Type> _known = [];

    /// <summary>All schemas referred to so far, by name.</summary>
    public JsonObject Components()
    {
        while (_waiting.TryDequeue(out var type))
        {
            _components[NameOf(type)] = SchemaOf(type);
        }
        return new JsonObject(_components.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.DeepClone())));
    }

    public void Add(string name, JsonNode schema) => _components[name] = schema;

    public JsonObject Reference(Type type)
    {
        if (_known.Add(type))
        {
            _waiting.Enqueue(type);
        }
        return Reference(NameOf(type));
    }

    public static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static string NameOf(Type type) => type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name[..^Suffix.Length] : type.Name;

    private JsonNode SchemaOf(Type type)
    {
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };
        return ApiJson.Options.GetJsonSchemaAsNode(type, options);
    }

    private JsonObject Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject node)
        {
            // "true": any JSON, such as a tool's arguments.
            return new JsonObject();
        }
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            return context.Path.IsEmpty ? Record(context.TypeInfo, node) : Nested(context.TypeInfo.Type, node);
        }
        if (context.PropertyInfo is { } property && Vocabulary.Of(property.DeclaringType, property.Name) is { } words)
        {
            node["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]);
        }
        return node;
    }

    /// <summary>Absent values are written as null, so every member is there.</summary>
    private static JsonObject Record(JsonTypeInfo type, JsonObject node)
    {
        node["type"] = "object";
        node["required"] = new JsonArray([.. type.Properties.Select(property => JsonValue.Create(property.Name))]);
        node.Remove("additionalProperties");
        return node;
    }

    private JsonObject Nested(Type type, JsonObject node)
    {
        var reference = Reference(type);
        return node["type"] is JsonArray types && types.Any(one => one?.GetValue<string>() == "null")
            ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) }
            : reference;
    }
}
