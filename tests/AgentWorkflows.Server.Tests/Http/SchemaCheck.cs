using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentWorkflows.Server.Tests.Http;

/// <summary>Checks JSON against a schema: the keywords that this product's schemas use; any other keyword is an error, so that none is passed over.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> Notes = ["description", "title", "default", "examples", "$schema", "$id", "$comment", "format", "markdownDescription", "$defs", "components", "deprecated"];

    /// <returns>The first problem with its path, or <c>null</c>.</returns>
    public string? Problem(JsonElement schema, JsonElement value, string path = "$")
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.GetBoolean() ? null : $"{path}: nothing is allowed here";
        }
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Check(schema, keyword.Name, keyword.Value, value, path) is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    public JsonElement Resolve(string reference) => reference.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name));

    private string? Check(JsonElement schema, string keyword, JsonElement rule, JsonElement value, string path) => keyword switch
    {
        "$ref" => Problem(Resolve(rule.GetString()!), value, path),
        "type" => Types(rule).Any(type => Is(type, value)) ? null : $"{path}: {value.ValueKind} is not {rule.GetRawText()}",
        "enum" => rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) ? null : $"{path}: {value.GetRawText()} is not of {rule.GetRawText()}",
        "anyOf" or "oneOf" => rule.EnumerateArray().Any(one => Problem(one, value, path) is null) ? null : $"{path}: fits none of {rule.GetRawText()}",
        "allOf" => rule.EnumerateArray().Select(one => Problem(one, value, path)).FirstOrDefault(problem => problem is not null),
        "required" when value.ValueKind == JsonValueKind.Object =>
            rule.EnumerateArray().Select(name => name.GetString()!).FirstOrDefault(name => !value.TryGetProperty(name, out _)) is { } missing ? $"{path}: '{missing}' is missing" : null,
        "properties" when value.ValueKind == JsonValueKind.Object =>
            rule.EnumerateObject().Select(property => value.TryGetProperty(property.Name, out var member) ? Problem(property.Value, member, $"{path}.{property.Name}") : null)
                .FirstOrDefault(problem => problem is not null),
        "additionalProperties" when value.ValueKind == JsonValueKind.Object =>
            value.EnumerateObject().Where(member => !Known(schema, member.Name)).Select(member => Problem(rule, member.Value, $"{path}.{member.Name}"))
                .FirstOrDefault(problem => problem is not null),
        "patternProperties" when value.ValueKind == JsonValueKind.Object =>
            (from pattern in rule.EnumerateObject()
             from member in value.EnumerateObject()
             where Regex.IsMatch(member.Name, pattern.Name)
             select Problem(pattern.Value, member.Value, $"{path}.{member.Name}")).FirstOrDefault(problem => problem is not null),
        "items" when value.ValueKind == JsonValueKind.Array =>
            value.EnumerateArray().Select((item, i) => Problem(rule, item, $"{path}[{i}]")).FirstOrDefault(problem => problem is not null),
        "minimum" when value.ValueKind == JsonValueKind.Number => value.GetDouble() >= rule.GetDouble() ? null : $"{path}: below {rule}",
        "exclusiveMinimum" when value.ValueKind == JsonValueKind.Number => value.GetDouble() > rule.GetDouble() ? null : $"{path}: not above {rule}",
        "maximum" when value.ValueKind == JsonValueKind.Number => value.GetDouble() <= rule.GetDouble() ? null : $"{path}: above {rule}",
        "minLength" when value.ValueKind == JsonValueKind.String => value.GetString()!.Length >= rule.GetInt32() ? null : $"{path}: too short",
        "maxLength" when value.ValueKind == JsonValueKind.String => value.GetString()!.Length <= rule.GetInt32() ? null : $"{path}: too long",
        "minItems" when value.ValueKind == JsonValueKind.Array => value.GetArrayLength() >= rule.GetInt32() ? null : $"{path}: too few",
        "maxItems" when value.ValueKind == JsonValueKind.Array => value.GetArrayLength() <= rule.GetInt32() ? null : $"{path}: too many",
        "minProperties" when value.ValueKind == JsonValueKind.Object => value.EnumerateObject().Any() || rule.GetInt32() == 0 ? null : $"{path}: empty",
        "uniqueItems" when value.ValueKind == JsonValueKind.Array =>
            value.EnumerateArray().Select(item => item.GetRawText()).Distinct().Count() == value.GetArrayLength() ? null : $"{path}: items are repeated",
        "pattern" when value.ValueKind == JsonValueKind.String => Regex.IsMatch(value.GetString()!, rule.GetString()!) ? null : $"{path}: {value} does not match {rule}",
        "required" or "properties" or "additionalProperties" or "patternProperties" or "items" or "minimum" or "exclusiveMinimum" or "maximum" or "minLength" or "maxLength"
            or "minItems" or "maxItems" or "minProperties" or "uniqueItems" or "pattern" => null,
        _ => Notes.Contains(keyword) ? null : $"{path}: this check does not know the keyword '{keyword}'",
    };

    private static bool Known(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var patterns) && patterns.EnumerateObject().Any(pattern => Regex.IsMatch(name, pattern.Name)));

    private static IEnumerable<string> Types(JsonElement rule) => rule.ValueKind == JsonValueKind.String ? [rule.GetString()!] : rule.EnumerateArray().Select(type => type.GetString()!);

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => false,
    };
}
