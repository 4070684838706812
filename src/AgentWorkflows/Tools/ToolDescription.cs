using System.Reflection;
using System.Text.Json;

namespace AgentWorkflows.Tools;

/// <summary>What is known of a tool before there is an object of it.</summary>
internal sealed record ToolDescription(string Name, JsonElement ParametersSchema, ToolContract? Contract)
{
    /// <returns><c>null</c> for a class that only an object can tell: one that is no <see cref="TypedTool{TArguments,TOutput}"/>, or states its contract by itself.</returns>
    public static ToolDescription? Of(Type type)
    {
        if (TypedToolOf(type) is not { } typed || type.GetProperty(nameof(ITool.Contract), BindingFlags.Public | BindingFlags.Instance)!.DeclaringType != typed)
        {
            return null;
        }
        var (name, schema) = (ToolNames.Of(type), ToolJson.SchemaOf(typed.GetGenericArguments()[0]));
        return new ToolDescription(name, schema, DeclaredContract.Of(type, name, schema));
    }

    private static Type? TypedToolOf(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == typeof(TypedTool<,>))
            {
                return current;
            }
        }
        return null;
    }
}
