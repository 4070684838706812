using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Tools;

/// <summary>
/// An <see cref="AIFunction"/> under a contract. It is called with the services of a scope of its own, and finds the <see cref="ToolInvocation"/>, with its
/// idempotency key, in <see cref="AIFunctionArguments.Context"/> under its type. Thread-safe as the function is.
/// </summary>
internal sealed class FunctionTool(AIFunction function, ToolContract contract, IServiceScopeFactory scopes) : ITool
{
    public string Name => contract.Name;

    public JsonElement ParametersSchema => contract.Parameters;

    public ToolContract? Contract => contract;

    public async Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var arguments = new AIFunctionArguments(invocation.Arguments.EnumerateObject().ToDictionary(argument => argument.Name, object? (argument) => argument.Value))
        {
            Services = scope.ServiceProvider,
            Context = new Dictionary<object, object?> { [typeof(ToolInvocation)] = invocation },
        };
        return await function.InvokeAsync(arguments, cancellationToken) switch
        {
            JsonElement element => new ToolResult.Success(element),
            var value => ToolJson.ResultOf(value, function.JsonSerializerOptions),
        };
    }

    /// <summary>As the function describes its arguments, and closed: what nobody described does not pass.</summary>
    public static JsonElement SchemaOf(AIFunction function)
    {
        var schema = JsonNode.Parse(function.JsonSchema.GetRawText()) as JsonObject ?? [];
        schema["type"] ??= "object";
        schema["properties"] ??= new JsonObject();
        schema["additionalProperties"] = false;
        return JsonSerializer.SerializeToElement(schema);
    }
}
