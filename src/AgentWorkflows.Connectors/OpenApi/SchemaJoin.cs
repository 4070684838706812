using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>Joins schemas of the kind that <see cref="SchemaFlattening"/> makes. Pure but for its first argument.</summary>
internal static class SchemaJoin
{
    private static readonly string[] Largest = ["minimum", "exclusiveMinimum", "minLength", "minItems"];
    private static readonly string[] Smallest = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"];

    /// <summary>What holds for both, put into the first. Where that cannot be said, what holds for the first.</summary>
    public static void All(JsonObject into, JsonObject other)
    {
        // A part that is closed would close the whole to the other parts' members.
        if (other["properties"] is JsonObject || into["properties"] is JsonObject)
        {
            into.Remove("additionalProperties");
        }
        foreach (var (keyword, value) in other)
        {
            switch (keyword)
            {
                case "additionalProperties":
                    break;
                case "properties" when into[keyword] is JsonObject properties:
                    Properties(properties, (JsonObject)value!);
                    break;
                case "required" when into[keyword] is JsonArray required:
                    into[keyword] = Names(required.Concat((JsonArray)value!));
                    break;
                case "enum" when into[keyword] is JsonArray allowed:
                    into[keyword] = new JsonArray([.. allowed.Where(item => Contains((JsonArray)value!, item)).Select(item => item?.DeepClone())]);
                    break;
                case "type" when into[keyword] is { } types:
                    var both = Types(types).Intersect(Types(value!), StringComparer.Ordinal).ToList();
                    into[keyword] = both.Count > 0 ? TypeNode(both) : types.DeepClone();
                    break;
                case var bound when Largest.Contains(bound) && into[bound] is { } own:
                    into[bound] = JsonValue.Create(Math.Max(Number(own), Number(value!)));
                    break;
                case var bound when Smallest.Contains(bound) && into[bound] is { } own:
                    into[bound] = JsonValue.Create(Math.Min(Number(own), Number(value!)));
                    break;
                case var _ when into.ContainsKey(keyword):
                    break;
                default:
                    into[keyword] = value?.DeepClone();
                    break;
            }
        }
    }

    /// <summary>What holds whichever of them holds. One that is only <c>null</c> allows that.</summary>
    public static JsonObject Any(IReadOnlyList<JsonObject> choices)
    {
        var others = choices.Where(choice => choice["type"] is not JsonValue type || type.GetValue<string>() != "null").ToList();
        var nothing = others.Count < choices.Count;
        var joined = others.Count == 1 ? others[0] : Widest(others);
        if (nothing)
        {
            AllowNull(joined);
        }
        return joined;
    }

    public static void AllowNull(JsonObject schema)
    {
        if (schema["type"] is { } type && !Types(type).Contains("null"))
        {
            schema["type"] = TypeNode([.. Types(type), "null"]);
        }
        if (schema["enum"] is JsonArray allowed && !Contains(allowed, null))
        {
            allowed.Add(null);
        }
    }

    private static JsonObject Widest(List<JsonObject> choices)
    {
        var widest = new JsonObject();
        if (choices.Count == 0 || choices.Any(choice => choice["type"] is null && choice["enum"] is null))
        {
            return widest;
        }
        if (choices.All(choice => choice["type"] is not null))
        {
            widest["type"] = TypeNode([.. choices.SelectMany(choice => Types(choice["type"]!)).Distinct(StringComparer.Ordinal)]);
        }
        if (choices.All(choice => choice["enum"] is JsonArray))
        {
            var values = new JsonArray();
            foreach (var value in choices.SelectMany(choice => (JsonArray)choice["enum"]!).Where(value => !Contains(values, value)))
            {
                values.Add(value?.DeepClone());
            }
            widest["enum"] = values;
        }
        if (choices.All(choice => choice["properties"] is JsonObject))
        {
            var members = choices.SelectMany(choice => (JsonObject)choice["properties"]!).GroupBy(member => member.Key, StringComparer.Ordinal);
            widest["properties"] = new JsonObject(members.Select(same => KeyValuePair.Create(
                same.Key, (JsonNode?)(same.Count() == choices.Count || same.Count() == 1 && choices.Count == 1 ? Any([.. same.Select(one => one.Value!.DeepClone().AsObject())]) : Described(same.First().Value!)))));
            var required = choices.Select(choice => (choice["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>())).Aggregate((one, two) => one.Intersect(two)).ToList();
            if (required.Count > 0)
            {
                widest["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]);
            }
        }
        return widest;
    }

    /// <summary>A member that not every choice has: the others may take anything under its name.</summary>
    private static JsonObject Described(JsonNode member) => member["description"] is { } description ? new JsonObject { ["description"] = description.DeepClone() } : [];

    private static void Properties(JsonObject into, JsonObject others)
    {
        foreach (var (name, value) in others)
        {
            if (into[name] is JsonObject own)
            {
                All(own, value!.AsObject());
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }

    private static decimal Number(JsonNode value) => decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool Contains(JsonArray values, JsonNode? value) => values.Any(item => JsonNode.DeepEquals(item, value));

    private static JsonArray Names(IEnumerable<JsonNode?> names) =>
        new([.. names.Select(name => name!.GetValue<string>()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => JsonValue.Create(name))]);

    private static string[] Types(JsonNode type) => type.GetValueKind() == JsonValueKind.Array ? [.. type.AsArray().Select(item => item!.GetValue<string>())] : [type.GetValue<string>()];

    private static JsonNode TypeNode(List<string> types) => types.Count == 1 ? JsonValue.Create(types[0]) : new JsonArray([.. types.Select(type => JsonValue.Create(type))]);
}
