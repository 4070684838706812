using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentWorkflows.Tools;

/// <param name="Path">Dotted, from the arguments' root; empty for the root itself.</param>
/// <param name="Message">What is wrong and what is allowed, for a model to read.</param>
internal sealed record ArgumentProblem(string Path, string Message);

/// <summary>
/// Checks arguments against the part of JSON schema that tool contracts may use: see <see cref="SchemaCheck.Keywords"/>. Bounded in depth and size before
/// anything is read. Pure.
/// </summary>
internal static class ArgumentCheck
{
    public const int MaxBytes = 64 * 1024;
    public const int MaxDepth = 16;
    private const int MaxProblems = 10;

    public static IReadOnlyList<ArgumentProblem> FindProblems(JsonElement schema, JsonElement arguments)
    {
        var problems = new List<ArgumentProblem>();
        if (arguments.ValueKind == JsonValueKind.Undefined)
        {
            return [new ArgumentProblem("", "The arguments are missing; give a JSON object.")];
        }
        if (JsonMarshal.GetRawUtf8Value(arguments).Length > MaxBytes)
        {
            return [new ArgumentProblem("", $"The arguments are larger than {MaxBytes / 1024} KiB.")];
        }
        Check(schema, arguments, "", 1, problems);
        return problems;
    }

    /// <summary>The allowed arguments in one line, for advice.</summary>
    public static string Describe(JsonElement schema)
    {
        if (!schema.TryGetProperty("properties", out var properties))
        {
            return "no arguments.";
        }
        var required = RequiredNames(schema);
        var parts = properties.EnumerateObject()
            .Select(p => $"{p.Name} ({DescribeValue(p.Value)}{(required.Contains(p.Name) ? ", required" : "")})");
        return string.Join(", ", parts) + ".";
    }

    private static string DescribeValue(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var allowed))
        {
            return "one of " + string.Join(", ", allowed.EnumerateArray().Select(v => v.ToString()));
        }
        var text = string.Join(" or ", Types(schema));
        if (schema.TryGetProperty("minimum", out var min))
        {
            text += $" from {min}";
        }
        if (schema.TryGetProperty("maximum", out var max))
        {
            text += $" to {max}";
        }
        if (schema.TryGetProperty("format", out var format))
        {
            text += $" ({format})";
        }
        return text.Length > 0 ? text : "any value";
    }

    private static void Check(JsonElement schema, JsonElement value, string path, int depth, List<ArgumentProblem> problems)
    {
        if (problems.Count >= MaxProblems || schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }
        if (depth > MaxDepth)
        {
            Add(problems, path, $"is nested deeper than {MaxDepth} levels.");
            return;
        }
        if (!CheckType(schema, value, path, problems) || !CheckEnum(schema, value, path, problems))
        {
            return;
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(schema, value, path, depth, problems);
                break;
            case JsonValueKind.Array:
                CheckArray(schema, value, path, depth, problems);
                break;
            case JsonValueKind.String:
                ScalarCheck.Text(schema, value, path, problems);
                break;
            case JsonValueKind.Number:
                ScalarCheck.Number(schema, value, path, problems);
                break;
        }
    }

    private static bool CheckType(JsonElement schema, JsonElement value, string path, List<ArgumentProblem> problems)
    {
        var types = Types(schema);
        if (types.Count == 0 || types.Any(type => Matches(type, value)))
        {
            return true;
        }
        Add(problems, path, $"must be {string.Join(" or ", types)}, not {Shown(value)}.");
        return false;
    }

    private static bool CheckEnum(JsonElement schema, JsonElement value, string path, List<ArgumentProblem> problems)
    {
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value))
        {
            Add(problems, path, $"must be {only}, not {Shown(value)}.");
            return false;
        }
        if (!schema.TryGetProperty("enum", out var allowed) || allowed.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)))
        {
            return true;
        }
        Add(problems, path, $"must be one of {string.Join(", ", allowed.EnumerateArray().Select(v => v.ToString()))}, not {Shown(value)}.");
        return false;
    }

    private static void CheckObject(JsonElement schema, JsonElement value, string path, int depth, List<ArgumentProblem> problems)
    {
        var hasProperties = schema.TryGetProperty("properties", out var properties);
        foreach (var name in RequiredNames(schema).Where(name => !value.TryGetProperty(name, out _)))
        {
            Add(problems, Join(path, name), "is required and missing.");
        }
        var closed = schema.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.False;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            // One reader would take the first, another the last: an approver must not see what does not run.
            if (!seen.Add(member.Name))
            {
                Add(problems, Join(path, member.Name), "is given twice.");
            }
            if (hasProperties && properties.TryGetProperty(member.Name, out var memberSchema))
            {
                Check(memberSchema, member.Value, Join(path, member.Name), depth + 1, problems);
            }
            else if (closed)
            {
                var known = hasProperties ? string.Join(", ", properties.EnumerateObject().Select(p => p.Name)) : "none";
                Add(problems, Join(path, member.Name), $"is not an argument. Allowed: {known}.");
            }
        }
    }

    private static void CheckArray(JsonElement schema, JsonElement value, string path, int depth, List<ArgumentProblem> problems)
    {
        var count = value.GetArrayLength();
        if (Bound(schema, "minItems") is { } min && count < min)
        {
            Add(problems, path, $"must have at least {min} items, not {count}.");
        }
        if (Bound(schema, "maxItems") is { } max && count > max)
        {
            Add(problems, path, $"must have at most {max} items, not {count}.");
            return;
        }
        if (schema.TryGetProperty("uniqueItems", out var unique) && unique.ValueKind == JsonValueKind.True && HasEqualItems(value))
        {
            Add(problems, path, "must not have the same item twice.");
        }
        if (schema.TryGetProperty("items", out var items))
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                Check(items, item, $"{path}[{index++}]", depth + 1, problems);
            }
        }
    }

    private static bool HasEqualItems(JsonElement array)
    {
        var items = array.EnumerateArray().ToArray();
        return items.Where((item, i) => items.Skip(i + 1).Any(other => JsonElement.DeepEquals(item, other))).Any();
    }

    private static bool Matches(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => true,
    };

    private static List<string> Types(JsonElement schema) => !schema.TryGetProperty("type", out var type)
        ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : [type.GetString()!];

    private static List<string> RequiredNames(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(n => n.GetString()!)] : [];

    internal static decimal? Bound(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var bound) && bound.TryGetDecimal(out var value) ? value : null;

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when ScalarCheck.TryRead(value, out var text) && text.Length <= 40 => $"the string \"{text}\"",
        JsonValueKind.String => "a long string",
        JsonValueKind.Number => value.GetRawText().Length <= 40 ? value.GetRawText() : "a long number",
        JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };

    private static string Join(string path, string name)
    {
        var bounded = name.Length <= 64 ? name : name[..64] + "…";
        return path.Length == 0 ? bounded : $"{path}.{bounded}";
    }

    internal static void Add(List<ArgumentProblem> problems, string path, string message) =>
        problems.Add(new ArgumentProblem(path, path.Length == 0 ? $"The value {message}" : $"'{path}' {message}"));
}
