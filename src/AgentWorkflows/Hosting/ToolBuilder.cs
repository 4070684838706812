using AgentWorkflows.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflows.Hosting;

/// <summary>Adds what agents can do. An agent names the tools that it may use in its <c>agent.yaml</c>; a tool that no agent names is never called.</summary>
public static class ToolBuilder
{
    /// <summary>
    /// A class that is a tool. Each call has an object of its own from dependency injection, in a scope of its own, unless the class is registered as a singleton
    /// before. Name, schema and contract come from the type, before there is a container; where the class is no <see cref="TypedTool{TArguments,TOutput}"/> or
    /// overrides <see cref="ITool.Contract"/>, from an object that is made for that when the host starts.
    /// </summary>
    public static IAgentWorkflowsBuilder AddTool<TTool>(this IAgentWorkflowsBuilder builder)
        where TTool : class, ITool
    {
        ArgumentNullException.ThrowIfNull(builder);
        var described = ToolDescription.Of(typeof(TTool));
        builder.Services.TryAddScoped<TTool>();
        return builder.AddSource(new ProgramTools(typeof(TTool), services => [Scoped(services, typeof(TTool), described)]));
    }

    /// <summary>A tool as it is: one object for all calls.</summary>
    public static IAgentWorkflowsBuilder AddTool(this IAgentWorkflowsBuilder builder, ITool tool)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(tool);
        return builder.AddSource(new ProgramTools(null, _ => [tool]));
    }

    /// <summary>
    /// The public methods of a class that have <see cref="ToolAttribute"/>, each a tool. Instance methods are called on an object from dependency injection, in a scope
    /// of its own for each call.
    /// </summary>
    /// <exception cref="ArgumentException">The class has no such method.</exception>
    public static IAgentWorkflowsBuilder AddTools<TTools>(this IAgentWorkflowsBuilder builder)
        where TTools : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var methods = MethodTool.MethodsOf(typeof(TTools));
        if (methods.Count == 0)
        {
            throw new ArgumentException($"{typeof(TTools).Name} has no public method with [Tool(\"…\")].", nameof(TTools));
        }
        if (methods.Any(method => !method.IsStatic))
        {
            builder.Services.TryAddScoped<TTools>();
        }
        var needed = methods.All(method => method.IsStatic) ? null : typeof(TTools);
        return builder.AddSource(new ProgramTools(needed, services =>
        {
            var scopes = services.GetRequiredService<IServiceScopeFactory>();
            return methods.Select(method => new MethodTool(typeof(TTools), method, scopes));
        }));
    }

    /// <summary>
    /// A function of <c>Microsoft.Extensions.AI</c> under a contract. Without one it is destructive, and a person is asked before each call. The function finds services
    /// of a scope of its own in its arguments, and the <see cref="ToolInvocation"/> in their context, under its type.
    /// </summary>
    /// <param name="contract">What the function cannot say of itself, such as <c>c =&gt; c.Tier = ToolTier.Read</c>.</param>
    public static IAgentWorkflowsBuilder AddFunction(this IAgentWorkflowsBuilder builder, AIFunction function, Action<FunctionContract>? contract = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(function);
        var said = new FunctionContract();
        contract?.Invoke(said);
        var held = said.For(function.Name, function.Description, FunctionTool.SchemaOf(function));
        return builder.AddSource(new ProgramTools(null, services => [new FunctionTool(function, held, services.GetRequiredService<IServiceScopeFactory>())]));
    }

    private static IAgentWorkflowsBuilder AddSource(this IAgentWorkflowsBuilder builder, ProgramTools source)
    {
        builder.Services.AddSingleton(source);
        return builder;
    }

    private static ScopedTool Scoped(IServiceProvider services, Type type, ToolDescription? described)
    {
        var scopes = services.GetRequiredService<IServiceScopeFactory>();
        var description = described ?? DescribeByObject(scopes, type);
        return typeof(IPreviewingTool).IsAssignableFrom(type) ? new ScopedPreviewingTool(description, type, scopes) : new ScopedTool(description, type, scopes);
    }

    private static ToolDescription DescribeByObject(IServiceScopeFactory scopes, Type type)
    {
        using var scope = scopes.CreateScope();
        var tool = (ITool)scope.ServiceProvider.GetRequiredService(type);
        return new ToolDescription(tool.Name, tool.ParametersSchema, tool.Contract);
    }
}

/// <summary>Tools in the program's code.</summary>
/// <param name="Type">What a call takes from dependency injection; <c>null</c>: nothing.</param>
internal sealed record ProgramTools(Type? Type, Func<IServiceProvider, IEnumerable<ITool>> Create);
