using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Tools;

/// <summary>
/// A method with <see cref="ToolAttribute"/>. Its parameters are the arguments, but for a <see cref="CancellationToken"/> and a <see cref="ToolInvocation"/>, which
/// it is given; what it returns, at once or by a task, is the result, unless that is a <see cref="ToolResult"/> already. An instance method has an object of its own
/// in each call, from a scope of its own. Thread-safe.
/// </summary>
internal sealed class MethodTool : ITool
{
    /// <summary>Of a task that has ended, so that reading it blocks nobody.</summary>
    private const string ResultProperty = "Result";

    /// <summary>What an async method without a result has as one.</summary>
    private const string NoResult = "VoidTaskResult";

    private readonly Type _type;
    private readonly MethodInfo _method;
    private readonly ParameterInfo[] _parameters;
    private readonly IServiceScopeFactory _scopes;

    public MethodTool(Type type, MethodInfo method, IServiceScopeFactory scopes)
    {
        (_type, _method, _scopes) = (type, method, scopes);
        _parameters = method.GetParameters();
        Name = ToolNames.Of(method);
        ParametersSchema = MethodSchema.Of(_parameters.Where(IsArgument));
        Contract = DeclaredContract.Of(method, Name, ParametersSchema);
    }

    public string Name { get; }

    public JsonElement ParametersSchema { get; }

    public ToolContract? Contract { get; }

    /// <summary>The methods of a class that are tools, those of its base classes too, in the order of their names.</summary>
    public static IReadOnlyList<MethodInfo> MethodsOf(Type type) =>
    [
        .. type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy)
            .Where(method => method.IsDefined(typeof(ToolAttribute), inherit: false))
            .OrderBy(ToolNames.Of, StringComparer.Ordinal),
    ];

    public async Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var arguments = _parameters.Select(parameter => ValueOf(parameter, invocation, cancellationToken)).ToArray();
        await using var scope = _scopes.CreateAsyncScope();
        var target = _method.IsStatic ? null : scope.ServiceProvider.GetRequiredService(_type);
        return await ResultAsync(Invoke(target, arguments));
    }

    internal static bool IsArgument(ParameterInfo parameter) =>
        parameter.ParameterType != typeof(CancellationToken) && parameter.ParameterType != typeof(ToolInvocation);

    private object? Invoke(object? target, object?[] arguments)
    {
        try
        {
            return _method.Invoke(target, arguments);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } thrown)
        {
            ExceptionDispatchInfo.Throw(thrown);
            throw;
        }
    }

    private static object? ValueOf(ParameterInfo parameter, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return cancellationToken;
        }
        if (parameter.ParameterType == typeof(ToolInvocation))
        {
            return invocation;
        }
        if (invocation.Arguments.TryGetProperty(MethodSchema.NameOf(parameter), out var given))
        {
            return given.Deserialize(parameter.ParameterType, ToolJson.Options);
        }
        return parameter.HasDefaultValue ? parameter.DefaultValue : null;
    }

    private static async Task<ToolResult> ResultAsync(object? returned)
    {
        switch (returned)
        {
            case Task task:
                await task;
                return ToolJson.ResultOf(task.GetType().GetProperty(ResultProperty) is { } result && result.PropertyType.Name != NoResult ? result.GetValue(task) : null, ToolJson.Options);
            case ValueTask task:
                await task;
                return ToolJson.ResultOf(null, ToolJson.Options);
            case { } value when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>):
                return await ResultAsync(type.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(value, null));
            default:
                return ToolJson.ResultOf(returned, ToolJson.Options);
        }
    }
}
