using System.Text.Json;

namespace AgentWorkflows.Models;

/// <summary>
/// The published rules of structured outputs (OpenAI and Azure OpenAI) for a schema in strict mode. One that breaks any of them is refused with every call that sends it.
/// Pure.
/// </summary>
internal static class StructuredOutputs
{
    /// <summary>Of all objects together.</summary>
    public const int MaxProperties = 5000;

    public const int MaxDepth = 10;

    /// <summary>Characters of all names of properties and definitions, and of all values of <c>enum</c> and <c>const</c>.</summary>
    public const int MaxNameLength = 120_000;

    /// <summary>Of all enums together.</summary>
    public const int MaxEnumValues = 1000;

    /// <summary>Values of one enum, beyond which their characters are limited, too.</summary>
    public const int LargeEnum = 250;

    public const int MaxLargeEnumLength = 15_000;

    private static readonly string[] Known =
    [
        "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs", "definitions", "description", "title",
        "pattern", "format", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "minItems", "maxItems",
    ];

    private static readonly string[] Types = ["string", "number", "boolean", "integer", "object", "array", "null"];

    /// <returns>Where the first rule is broken, and which; <c>null</c> when the schema can be sent.</returns>
    public static string? FirstProblem(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !Says(schema, "object") || schema.TryGetProperty("anyOf", out _))
        {
            return "$: the root is an object, and no anyOf.";
        }
        var walk = new Walk(schema);
        walk.Visit(schema, "$", 1);
        return walk.Problem ?? walk switch
        {
            { Properties: > MaxProperties } => $"There are {walk.Properties} properties; at most {MaxProperties} are allowed.",
            { Names: > MaxNameLength } => $"Names and values have {walk.Names} characters together; at most {MaxNameLength} are allowed.",
            { EnumValues: > MaxEnumValues } => $"Enums have {walk.EnumValues} values together; at most {MaxEnumValues} are allowed.",
            _ => null,
        };
    }

    private static bool Says(JsonElement schema, string type) => schema.TryGetProperty("type", out var given) && given.ValueKind switch
    {
        JsonValueKind.String => given.GetString() == type,
        JsonValueKind.Array => given.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == type),
        _ => false,
    };

    private sealed class Walk(JsonElement root)
    {
        /// <summary>References that are being followed: a schema may refer to itself.</summary>
        private readonly HashSet<string> _open = new(StringComparer.Ordinal);

        /// <summary>References whose names and values have been counted.</summary>
        private readonly HashSet<string> _counted = new(StringComparer.Ordinal);
        private bool _counts = true;

        public string? Problem { get; private set; }

        public int Properties { get; private set; }

        public int Names { get; private set; }

        public int EnumValues { get; private set; }

        public void Visit(JsonElement schema, string at, int depth)
        {
            if (Problem is not null)
            {
                return;
            }
            if (RuleOf(schema, depth) is { } broken)
            {
                Problem = $"{at}: {broken}";
                return;
            }
            if (schema.TryGetProperty("$ref", out var reference))
            {
                Follow(reference.GetString()!, at, depth);
                return;
            }
            Count(schema);
            VisitChildren(schema, at, depth);
        }

        private string? RuleOf(JsonElement schema, int depth)
        {
            if (schema.ValueKind != JsonValueKind.Object)
            {
                return "a schema is an object.";
            }
            if (schema.EnumerateObject().FirstOrDefault(member => !Known.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
            {
                return $"'{unknown.Name}' is not supported.";
            }
            if (depth > MaxDepth)
            {
                return $"it is nested deeper than {MaxDepth} levels.";
            }
            if (schema.TryGetProperty("$ref", out var reference))
            {
                return schema.EnumerateObject().Count() > 1 ? "'$ref' stands alone."
                    : reference.ValueKind != JsonValueKind.String || Find(reference.GetString()!) is null ? "'$ref' refers to nothing."
                    : null;
            }
            return schema.TryGetProperty("anyOf", out var choices) ? ChoicesProblem(choices)
                : TypeProblem(schema) ?? (Says(schema, "object") ? ObjectProblem(schema) : null)
                ?? (Says(schema, "array") && !schema.TryGetProperty("items", out _) ? "an array says what its items are." : null)
                ?? (schema.TryGetProperty("enum", out var values) ? EnumProblem(values) : null);
        }

        private static string? TypeProblem(JsonElement schema)
        {
            if (!schema.TryGetProperty("type", out var type))
            {
                return "it has no type.";
            }
            var names = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().ToList() : [type];
            return names.Count > 0 && names.TrueForAll(name => name.ValueKind == JsonValueKind.String && Types.Contains(name.GetString())) ? null : "its type is none of JSON's.";
        }

        private static string? ObjectProblem(JsonElement schema)
        {
            if (!schema.TryGetProperty("additionalProperties", out var additional) || additional.ValueKind != JsonValueKind.False)
            {
                return "'additionalProperties' is false in every object.";
            }
            var properties = schema.TryGetProperty("properties", out var given) ? given.EnumerateObject().Select(property => property.Name).ToList() : [];
            var required = schema.TryGetProperty("required", out var listed) ? listed.EnumerateArray().Select(name => name.GetString()!).ToList() : [];
            return properties.Except(required).Concat(required.Except(properties)).FirstOrDefault() is { } missing
                ? $"'required' has all properties and no other; '{missing}' differs."
                : null;
        }

        /// <summary>While it writes, the provider tells the objects of one choice apart by the first key.</summary>
        private string? ChoicesProblem(JsonElement choices)
        {
            if (choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
            {
                return "'anyOf' is a list of schemas.";
            }
            var doubled = Choices(choices).Select(FirstKey).OfType<string>().GroupBy(key => key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
            return doubled is null ? null : $"objects under one 'anyOf' share the first key '{doubled.Key}'.";
        }

        /// <summary>References and choices of choices resolved.</summary>
        private IEnumerable<JsonElement> Choices(JsonElement choices, int depth = 0) => depth > MaxDepth ? [] : choices.EnumerateArray().SelectMany(choice =>
        {
            var found = choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String
                ? Find(reference.GetString()!) ?? choice
                : choice;
            return found.ValueKind == JsonValueKind.Object && found.TryGetProperty("anyOf", out var more) && more.ValueKind == JsonValueKind.Array
                ? Choices(more, depth + 1)
                : [found];
        });

        private static string? FirstKey(JsonElement choice) =>
            choice.ValueKind == JsonValueKind.Object && Says(choice, "object") && choice.TryGetProperty("properties", out var properties)
                ? properties.EnumerateObject().Select(property => property.Name).FirstOrDefault()
                : null;

        private static string? EnumProblem(JsonElement values)
        {
            if (values.ValueKind != JsonValueKind.Array || values.GetArrayLength() == 0)
            {
                return "'enum' is a list of values.";
            }
            return values.GetArrayLength() > LargeEnum && Length(values) > MaxLargeEnumLength
                ? $"an enum of more than {LargeEnum} values has at most {MaxLargeEnumLength} characters."
                : null;
        }

        private void VisitChildren(JsonElement schema, string at, int depth)
        {
            if (schema.TryGetProperty("properties", out var properties))
            {
                foreach (var property in properties.EnumerateObject())
                {
                    Visit(property.Value, $"{at}.{property.Name}", depth + 1);
                }
            }
            if (schema.TryGetProperty("items", out var items))
            {
                Visit(items, $"{at}[]", depth + 1);
            }
            if (schema.TryGetProperty("anyOf", out var choices))
            {
                foreach (var choice in choices.EnumerateArray())
                {
                    Visit(choice, at, depth);
                }
            }
            foreach (var name in new[] { "$defs", "definitions" })
            {
                foreach (var definition in schema.TryGetProperty(name, out var definitions) ? definitions.EnumerateObject() : default)
                {
                    Names += definition.Name.Length;
                    if (_counted.Add($"#/{name}/{definition.Name}"))
                    {
                        Visit(definition.Value, definition.Name, 1);
                    }
                }
            }
        }

        private void Follow(string reference, string at, int depth)
        {
            if (!_open.Add(reference))
            {
                return;
            }
            // What stands in a definition counts once, however often it is referred to; its depth counts each time.
            var counted = _counts;
            _counts &= _counted.Add(reference);
            Visit(Find(reference)!.Value, at, depth);
            _counts = counted;
            _open.Remove(reference);
        }

        private void Count(JsonElement schema)
        {
            if (!_counts)
            {
                return;
            }
            foreach (var property in schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject() : default)
            {
                Properties++;
                Names += property.Name.Length;
            }
            if (schema.TryGetProperty("enum", out var values))
            {
                EnumValues += values.GetArrayLength();
                Names += Length(values);
            }
            if (schema.TryGetProperty("const", out var constant))
            {
                Names += constant.ToString().Length;
            }
        }

        private static int Length(JsonElement values) => values.EnumerateArray().Sum(value => value.ToString().Length);

        private JsonElement? Find(string reference)
        {
            if (reference == "#")
            {
                return root;
            }
            var found = root;
            foreach (var part in reference.StartsWith("#/", StringComparison.Ordinal) ? reference[2..].Split('/') : ["", ""])
            {
                if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(part, out found))
                {
                    return null;
                }
            }
            return found;
        }
    }
}
