using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Tools;

/// <summary>
/// Whether an argument schema can be enforced as it stands. A keyword that <see cref="ArgumentCheck"/> does not know would be promised to the model and to
/// whoever reads the contract, and checked by nobody; so it is a problem at start. Pure.
/// </summary>
internal static class SchemaCheck
{
    private static readonly string[] Enforced =
    [
        "type", "properties", "required", "additionalProperties", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        "minLength", "maxLength", "pattern", "format", "items", "minItems", "maxItems", "uniqueItems",
    ];

    private static readonly string[] Notes = ["title", "description", "default", "examples", "$schema", "$id", "$comment", "deprecated"];
    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    /// <summary>What a schema may use: the first are enforced, the others are for readers.</summary>
    public static IReadOnlyList<string> Keywords { get; } = [.. Enforced, .. Notes];

    /// <summary>Problems with the schema of a whole argument list, each with the path to it.</summary>
    public static IReadOnlyList<ArgumentProblem> FindProblems(JsonElement schema)
    {
        var problems = new List<ArgumentProblem>();
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "object")
        {
            return [new ArgumentProblem("", "Arguments are an object: write type: object.")];
        }
        Check(schema, "", 1, problems);
        return problems;
    }

    /// <summary>Whether a keyword, known here, has a value that can be enforced.</summary>
    internal static bool IsEnforceable(JsonProperty keyword) => Problem(keyword) is null;

    private static void Check(JsonElement schema, string path, int depth, List<ArgumentProblem> problems)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return;
        }
        if (schema.ValueKind != JsonValueKind.Object || depth > ArgumentCheck.MaxDepth)
        {
            problems.Add(new ArgumentProblem(path, $"This must be a schema, nested at most {ArgumentCheck.MaxDepth} deep."));
            return;
        }
        foreach (var member in schema.EnumerateObject())
        {
            if (!Keywords.Contains(member.Name))
            {
                problems.Add(new ArgumentProblem(path, $"'{member.Name}' is not enforced here. Allowed: {string.Join(", ", Keywords)}."));
            }
            else if (Problem(member) is { } problem)
            {
                problems.Add(new ArgumentProblem(path, problem));
            }
        }
        CheckRequired(schema, path, problems);
        foreach (var (name, child) in Children(schema))
        {
            Check(child, path.Length == 0 ? name : $"{path}.{name}", depth + 1, problems);
        }
    }

    private static IEnumerable<(string Name, JsonElement Schema)> Children(JsonElement schema)
    {
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                yield return (property.Name, property.Value);
            }
        }
        if (schema.TryGetProperty("items", out var items))
        {
            yield return ("[]", items);
        }
    }

    private static void CheckRequired(JsonElement schema, string path, List<ArgumentProblem> problems)
    {
        if (!schema.TryGetProperty("required", out var required) || required.ValueKind != JsonValueKind.Array)
        {
            return;
        }
        var known = ToolSchema.Properties(schema);
        foreach (var name in required.EnumerateArray().Where(name => name.ValueKind != JsonValueKind.String || !known.Contains(name.GetString()!)))
        {
            problems.Add(new ArgumentProblem(path, $"'{name}' is required but not among the properties."));
        }
    }

    private static string? Problem(JsonProperty keyword) => keyword.Name switch
    {
        "type" => TypesOf(keyword.Value).FirstOrDefault(type => !Types.Contains(type)) is { } type
            ? $"'{type}' is not a type. Allowed: {string.Join(", ", Types)}." : null,
        "properties" when keyword.Value.ValueKind != JsonValueKind.Object => "'properties' must be a map of names and schemas.",
        "required" or "enum" when keyword.Value.ValueKind != JsonValueKind.Array => $"'{keyword.Name}' must be a list.",
        "additionalProperties" or "uniqueItems" when keyword.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => $"'{keyword.Name}' must be true or false.",
        "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" or "minLength" or "maxLength" or "minItems" or "maxItems"
            when keyword.Value.ValueKind != JsonValueKind.Number => $"'{keyword.Name}' must be a number.",
        "pattern" => PatternProblem(keyword.Value),
        "format" => keyword.Value.ValueKind == JsonValueKind.String && TextFormat.Known.Contains(keyword.Value.GetString()!)
            ? null : $"'{keyword.Value}' is not an enforced format. Allowed: {string.Join(", ", TextFormat.Known)}.",
        _ => null,
    };

    private static string? PatternProblem(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return "'pattern' must be text.";
        }
        try
        {
            _ = new Regex(value.GetString()!, RegexOptions.CultureInvariant);
            return null;
        }
        catch (ArgumentException e)
        {
            return $"'pattern' is not a regular expression: {e.Message}";
        }
    }

    private static IEnumerable<string> TypesOf(JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Select(item => item.ToString())
        : [type.ToString()];
}
