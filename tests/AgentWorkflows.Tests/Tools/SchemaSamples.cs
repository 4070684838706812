using System.Text.Json.Nodes;

namespace AgentWorkflows.Tests.Tools;

/// <summary>Random schemas of the enforced keywords, and values that are often, not always, what they allow.</summary>
internal sealed class SchemaSamples(int seed)
{
    private const int MaxDepth = 3;
    private static readonly string[] Names = ["a", "b", "order_id", "größe"];
    private static readonly string[] Texts = ["", "a", "ab", "abc", "A1", "1042", "größe", "😀", "😀😀", "a😀b", " a", "a\n", "true"];
    private static readonly string[] Patterns = ["^a", "[0-9]+$", "^[a-z]{1,3}$", "b", "^$"];
    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];
    private readonly Random _random = new(seed);

    public JsonObject Arguments() => Object(1);

    /// <summary>A value for a schema: mostly of its type and near its bounds.</summary>
    public JsonNode Near(JsonObject schema) => Value(schema) ?? new JsonObject();

    private JsonObject Schema(int depth)
    {
        if (Chance(10))
        {
            return Chance(50)
                ? new JsonObject { ["const"] = Scalar() }
                : new JsonObject { ["enum"] = new JsonArray(Scalar(), Scalar(), Scalar()) };
        }
        return Pick(Types) switch
        {
            "object" when depth < MaxDepth => Object(depth + 1),
            "array" when depth < MaxDepth => Array(depth + 1),
            "number" => Number("number"),
            "integer" => Number("integer"),
            "boolean" => new JsonObject { ["type"] = "boolean" },
            "null" => new JsonObject { ["type"] = new JsonArray("null", Pick(Types)) },
            _ => Text(),
        };
    }

    private JsonObject Object(int depth)
    {
        var properties = new JsonObject();
        foreach (var name in Names.Where(_ => Chance(60)))
        {
            properties[name] = Schema(depth);
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (Chance(50))
        {
            schema["required"] = new JsonArray([.. properties.Select(property => property.Key).Where(_ => Chance(50)).Select(name => JsonValue.Create(name))]);
        }
        if (Chance(50))
        {
            schema["additionalProperties"] = Chance(20);
        }
        return schema;
    }

    private JsonObject Array(int depth)
    {
        var schema = new JsonObject { ["type"] = "array" };
        Maybe(schema, "items", () => Schema(depth));
        Maybe(schema, "minItems", () => _random.Next(0, 3));
        Maybe(schema, "maxItems", () => _random.Next(0, 4));
        Maybe(schema, "uniqueItems", () => Chance(80));
        return schema;
    }

    private JsonObject Number(string type)
    {
        var schema = new JsonObject { ["type"] = type };
        Maybe(schema, "minimum", Bound);
        Maybe(schema, "maximum", Bound);
        Maybe(schema, "exclusiveMinimum", Bound, 20);
        Maybe(schema, "exclusiveMaximum", Bound, 20);
        Maybe(schema, "multipleOf", () => JsonNode.Parse(Pick(["1", "2", "0.5", "0.01"]))!, 20);
        return schema;
    }

    private JsonObject Text()
    {
        var schema = new JsonObject { ["type"] = "string" };
        Maybe(schema, "minLength", () => _random.Next(0, 3));
        Maybe(schema, "maxLength", () => _random.Next(0, 4));
        Maybe(schema, "pattern", () => Pick(Patterns), 30);
        return schema;
    }

    private JsonNode Bound() => JsonNode.Parse(Pick(["-1", "0", "1", "2.5", "10", "1.0"]))!;

    private JsonNode? Value(JsonObject schema)
    {
        if (Chance(5))
        {
            return Scalar();
        }
        if (schema["const"] is { } only)
        {
            return only.DeepClone();
        }
        if (schema["enum"] is JsonArray allowed)
        {
            return allowed[_random.Next(allowed.Count)]?.DeepClone();
        }
        return (schema["type"] is JsonArray several ? (string?)several[_random.Next(several.Count)] : (string?)schema["type"]) switch
        {
            "object" => ObjectValue(schema),
            "array" => ArrayValue(schema),
            "number" => JsonNode.Parse(Pick(["-1", "0", "1", "2.5", "10", "0.005", "12.34", "3"])),
            "integer" => JsonNode.Parse(Pick(["-1", "0", "1", "2", "3", "10", "11", "2.5", "9007199254740993"])),
            "string" => Pick(Texts),
            "boolean" => Chance(50),
            _ => null,
        };
    }

    private JsonObject ObjectValue(JsonObject schema)
    {
        var value = new JsonObject();
        foreach (var (name, of) in schema["properties"] as JsonObject ?? [])
        {
            if (Chance(80))
            {
                value[name] = Value((JsonObject)of!);
            }
        }
        if (Chance(10))
        {
            value["unknown"] = Scalar();
        }
        return value;
    }

    private JsonArray ArrayValue(JsonObject schema)
    {
        var value = new JsonArray();
        for (var left = _random.Next(0, 4); left > 0; left--)
        {
            value.Add(schema["items"] is JsonObject items ? Value(items) : Scalar());
        }
        return value;
    }

    private JsonNode? Scalar() => _random.Next(5) switch
    {
        // Not 1.0: an integer here is written as one, because tools read it so.
        0 => JsonNode.Parse(Pick(["0", "1", "-2.5", "10"])),
        1 => Chance(50),
        2 => null,
        _ => Pick(Texts),
    };

    private void Maybe(JsonObject schema, string keyword, Func<JsonNode> value, int percent = 40)
    {
        if (Chance(percent))
        {
            schema[keyword] = value();
        }
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(T[] of) => of[_random.Next(of.Length)];
}
