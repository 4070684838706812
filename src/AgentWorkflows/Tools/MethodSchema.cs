using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Words;

namespace AgentWorkflows.Tools;

/// <summary>
/// The argument schema of a method: a property for each parameter, in snake_case, with the attributes that arguments of a <see cref="TypedTool{TArguments,TOutput}"/>
/// may have. Required is what has no default and may not be null.
/// </summary>
internal static class MethodSchema
{
    public static JsonElement Of(IEnumerable<ParameterInfo> parameters)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        var nullability = new NullabilityInfoContext();
        foreach (var parameter in parameters)
        {
            var name = NameOf(parameter);
            properties[name] = SchemaOf(parameter);
            if (!parameter.HasDefaultValue && nullability.Create(parameter).WriteState != NullabilityState.Nullable)
            {
                required.Add((JsonNode)name);
            }
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }
        schema["additionalProperties"] = false;
        return JsonSerializer.SerializeToElement(schema);
    }

    public static string NameOf(ParameterInfo parameter) => SnakeCase.Of(parameter.Name!);

    private static JsonObject SchemaOf(ParameterInfo parameter)
    {
        var node = ToolJson.SchemaNodeOf(parameter.ParameterType);
        // A type that takes everything has the schema "true".
        var schema = node as JsonObject ?? [];
        if (parameter.GetCustomAttribute<DescriptionAttribute>() is { } description)
        {
            schema["description"] = description.Description;
        }
        ArgumentConstraints.Describe(parameter, schema);
        return schema;
    }
}
