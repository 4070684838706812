using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Tools;

/// <summary>Validation attributes of an argument as JSON schema keywords, so that the gate enforces what the type says.</summary>
internal static class ArgumentConstraints
{
    public static void Describe(ICustomAttributeProvider member, JsonObject schema)
    {
        foreach (var attribute in member.GetCustomAttributes(typeof(ValidationAttribute), true))
        {
            switch (attribute)
            {
                case RangeAttribute range:
                    schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = Number(range.Minimum);
                    schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = Number(range.Maximum);
                    break;
                case StringLengthAttribute length:
                    schema["minLength"] = length.MinimumLength;
                    schema["maxLength"] = length.MaximumLength;
                    break;
                case MaxLengthAttribute length:
                    schema[IsText(schema) ? "maxLength" : "maxItems"] = length.Length;
                    break;
                case MinLengthAttribute length:
                    schema[IsText(schema) ? "minLength" : "minItems"] = length.Length;
                    break;
                case RegularExpressionAttribute expression:
                    // The attribute wants the whole value to match; a schema's pattern matches anywhere.
                    schema["pattern"] = $"^(?:{expression.Pattern})$";
                    break;
                case AllowedValuesAttribute allowed:
                    schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonSerializer.SerializeToNode(value, ToolJson.Options))]);
                    break;
            }
        }
    }

    private static JsonValue Number(object bound) =>
        JsonValue.Create(decimal.Parse(Convert.ToString(bound, CultureInfo.InvariantCulture)!, NumberStyles.Float, CultureInfo.InvariantCulture));

    private static bool IsText(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => types.Any(type => type?.GetValue<string>() == "string"),
        { } type => type.GetValue<string>() == "string",
        null => false,
    };
}
