using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentWorkflows.Tools;
using Microsoft.OpenApi;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>
/// A document's schema as one that the gate enforces (see <see cref="SchemaCheck"/>): references in their places, <c>allOf</c> joined, choices widened to what all of them
/// allow together. What comes out never refuses what the document allows; where it allows more, the server has the last word. For one tool.
/// </summary>
internal sealed class SchemaFlattening
{
    private const int MaxDepth = 9;
    private const int MaxDescription = 400;

    /// <summary>What many references to large schemas could unfold to, in one tool.</summary>
    private const int MaxNodes = 600;

    private readonly List<string> _inside = [];
    private int _nodes;

    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="NotExpressibleException">It refers to what is not in the document.</exception>
    public JsonObject Flatten(IOpenApiSchema schema, string place) => Flatten(schema, place, 2);

    private JsonObject Flatten(IOpenApiSchema schema, string place, int depth)
    {
        if (schema is not OpenApiSchemaReference reference)
        {
            return depth > MaxDepth || ++_nodes > MaxNodes ? Loose(schema, "More of this is in the API's documentation.") : Expand(schema, place, depth);
        }
        var name = reference.Reference.Id ?? reference.Reference.ReferenceV3 ?? "?";
        if (reference.Reference.IsExternal || reference.RecursiveTarget is null)
        {
            throw new NotExpressibleException(place, $"it refers to '{Shown(reference.Reference.ReferenceV3 ?? name)}', which is not in the document. Put it in, or leave the operation out.");
        }
        if (_inside.Contains(name))
        {
            return Loose(schema, $"Again a '{name}', nested.");
        }
        if (depth > MaxDepth || ++_nodes > MaxNodes)
        {
            return Loose(schema, $"A '{name}', as in the API's documentation.");
        }
        _inside.Add(name);
        try
        {
            return Expand(schema, place, depth);
        }
        finally
        {
            _inside.RemoveAt(_inside.Count - 1);
        }
    }

    private JsonObject Expand(IOpenApiSchema schema, string place, int depth)
    {
        var flat = Own(schema, place, depth);
        foreach (var part in schema.AllOf ?? [])
        {
            SchemaJoin.All(flat, Flatten(part, place, depth));
        }
        foreach (var choices in new[] { schema.OneOf, schema.AnyOf })
        {
            if (choices is { Count: > 0 })
            {
                SchemaJoin.All(flat, SchemaJoin.Any([.. choices.Select(choice => Flatten(choice, place, depth))]));
            }
        }
        if (schema.AllOf is { Count: > 0 } && schema.Type is { } type && type.HasFlag(JsonSchemaType.Null))
        {
            SchemaJoin.AllowNull(flat);
        }
        return flat;
    }

    private JsonObject Own(IOpenApiSchema schema, string place, int depth)
    {
        var flat = Loose(schema, null);
        Keep(flat, schema);
        if (schema.Items is { } items)
        {
            flat["items"] = Flatten(items, $"{place}[]", depth + 1);
        }
        if (schema.Properties is not { Count: > 0 } properties)
        {
            return flat;
        }
        var members = new JsonObject();
        foreach (var (name, property) in properties.Where(property => !property.Value.ReadOnly))
        {
            members[name] = Flatten(property, place, name, depth);
        }
        flat["type"] ??= "object";
        flat["properties"] = members;
        if (schema.Required?.Where(members.ContainsKey).ToList() is { Count: > 0 } required)
        {
            flat["required"] = new JsonArray([.. required.Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]);
        }
        if (!schema.AdditionalPropertiesAllowed && schema.AdditionalProperties is null)
        {
            flat["additionalProperties"] = false;
        }
        return flat;
    }

    private JsonObject Flatten(IOpenApiSchema property, string place, string name, int depth) => Flatten(property, $"{place}.{name}", depth + 1);

    /// <summary>Its type and what it is for.</summary>
    private static JsonObject Loose(IOpenApiSchema schema, string? more)
    {
        var flat = new JsonObject();
        if (schema.Type is { } type && TypeOf(type) is { } types)
        {
            flat["type"] = types;
        }
        var description = string.Join(' ', new[] { schema.Description?.Trim(), more }.Where(text => !string.IsNullOrEmpty(text)));
        if (description.Length > 0)
        {
            flat["description"] = Shown(description);
        }
        return flat;
    }

    private static void Keep(JsonObject flat, IOpenApiSchema schema)
    {
        if (schema.Enum is { Count: > 0 } values)
        {
            var allowed = values.Select(value => value?.DeepClone()).ToList();
            if (schema.Type is { } type && type.HasFlag(JsonSchemaType.Null) && allowed.All(value => value is not null && value.GetValueKind() != System.Text.Json.JsonValueKind.Null))
            {
                allowed.Add(null);
            }
            flat["enum"] = new JsonArray([.. allowed]);
        }
        Set(flat, "const", schema.Const is { } only ? Const(schema, only) : null);
        Set(flat, "minimum", Number(schema.Minimum));
        Set(flat, "maximum", Number(schema.Maximum));
        Set(flat, "exclusiveMinimum", Number(schema.ExclusiveMinimum));
        Set(flat, "exclusiveMaximum", Number(schema.ExclusiveMaximum));
        Set(flat, "multipleOf", schema.MultipleOf is { } multiple && multiple > 0 ? JsonValue.Create(multiple) : null);
        Set(flat, "minLength", schema.MinLength is { } minLength ? JsonValue.Create(minLength) : null);
        Set(flat, "maxLength", schema.MaxLength is { } maxLength ? JsonValue.Create(maxLength) : null);
        Set(flat, "minItems", schema.MinItems is { } minItems ? JsonValue.Create(minItems) : null);
        Set(flat, "maxItems", schema.MaxItems is { } maxItems ? JsonValue.Create(maxItems) : null);
        Set(flat, "uniqueItems", schema.UniqueItems is true ? JsonValue.Create(true) : null);
        Set(flat, "pattern", schema.Pattern is { } pattern && IsPattern(pattern) ? JsonValue.Create(pattern) : null);
        Set(flat, "format", schema.Format is { } format && TextFormat.Known.Contains(format) ? JsonValue.Create(format) : null);
        Set(flat, "default", schema.Default?.DeepClone());
    }

    private static void Set(JsonObject flat, string keyword, JsonNode? value)
    {
        if (value is not null)
        {
            flat[keyword] = value;
        }
    }

    private static JsonNode? TypeOf(JsonSchemaType type)
    {
        var names = Enum.GetValues<JsonSchemaType>().Where(one => type.HasFlag(one)).Select(one => one.ToString().ToLowerInvariant())
            // The gate's number takes integers too.
            .Where(name => name != "integer" || !type.HasFlag(JsonSchemaType.Number)).OrderBy(name => name == "null").ToList();
        return names.Count switch
        {
            0 => null,
            1 => JsonValue.Create(names[0]),
            _ => new JsonArray([.. names.Select(name => JsonValue.Create(name))]),
        };
    }

    private static JsonNode? Const(IOpenApiSchema schema, string only) =>
        schema.Type is { } type && (type & (JsonSchemaType.String | JsonSchemaType.Object | JsonSchemaType.Array)) == 0 ? Parsed(only) : JsonValue.Create(only);

    private static JsonNode? Number(string? text) => text is not null && Parsed(text) is { } number && number.GetValueKind() == System.Text.Json.JsonValueKind.Number ? number : null;

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Shown(string text) => text.Length <= MaxDescription ? text : text[..MaxDescription] + "…";
}
