using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace AgentWorkflows.DurableHost.Engine;

/// <summary>
/// The class of functions that the WebJobs host finds. It knows functions only as methods with attributes, so a class with one method
/// for each function is written when
/// the host starts, as the platform does for apps whose code is elsewhere; each method hands on to the runner.
/// </summary>
public abstract class FunctionClass(IFunctionRunner runner, DurableClientText client)
{
    internal const string ClientFunction = "AgentWorkflowsDurableClient";

    private static readonly JsonSerializerSettings AsWritten = new() { DateParseHandling = DateParseHandling.None };

    public Task<string> OrchestrateAsync(string function, string request, CancellationToken cancellationToken) =>
        runner.RunOrchestratorAsync(function, request, cancellationToken);

    public async Task<object?> ActAsync(string function, string input, string instanceId, CancellationToken cancellationToken) =>
        await runner.RunActivityAsync(function, instanceId, input, cancellationToken) is { } output
            ? JsonConvert.DeserializeObject<JToken>(output, AsWritten)
            : null;

    public Task TellClientAsync(string function, string text, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        client.Set(text);
        return Task.CompletedTask;
    }

    internal static Type Write(IEnumerable<DurableFunction> functions)
    {
        var name = new AssemblyName("AgentWorkflows.DurableHost.Functions");
        var module = AssemblyBuilder.DefineDynamicAssembly(name, AssemblyBuilderAccess.Run).DefineDynamicModule("functions");
        var type = module.DefineType("Functions", TypeAttributes.Public | TypeAttributes.Sealed, typeof(FunctionClass));
        WriteConstructor(type);
        foreach (var function in functions)
        {
            _ = function.Kind switch
            {
                DurableFunctionKind.Orchestrator => WriteMethod(
                    type, function.Function, nameof(OrchestrateAsync),
                    ("context", Attribute<OrchestrationTriggerAttribute>(
                        nameof(OrchestrationTriggerAttribute.Orchestration), function.Name))),
                DurableFunctionKind.Activity => WriteMethod(
                    type, function.Function, nameof(ActAsync),
                    ("input", Attribute<ActivityTriggerAttribute>(nameof(ActivityTriggerAttribute.Activity), function.Name)),
                    ("instanceId", null)),
                _ => throw new InvalidOperationException($"Unknown kind {function.Kind}."),
            };
        }
        WriteMethod(type, ClientFunction, nameof(TellClientAsync), ("client", Attribute<DurableClientAttribute>()))
            .SetCustomAttribute(Attribute<NoAutomaticTriggerAttribute>());
        return type.CreateType();
    }

    private static void WriteConstructor(TypeBuilder type)
    {
        var inherited = typeof(FunctionClass)
            .GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Single();
        var parameters = inherited.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        var code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, parameters).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        for (var i = 1; i <= parameters.Length; i++)
        {
            code.Emit(OpCodes.Ldarg, i);
        }
        code.Emit(OpCodes.Call, inherited);
        code.Emit(OpCodes.Ret);
    }

    /// <summary>A method of texts and a cancellation token that calls another one with the function's name before them.</summary>
    private static MethodBuilder WriteMethod(
        TypeBuilder type, string function, string calls, params (string Name, CustomAttributeBuilder? Binding)[] texts)
    {
        var target = typeof(FunctionClass).GetMethod(calls)!;
        var method = type.DefineMethod(
            function, MethodAttributes.Public, target.ReturnType, [.. texts.Select(_ => typeof(string)), typeof(CancellationToken)]);
        method.SetCustomAttribute(new CustomAttributeBuilder(typeof(FunctionNameAttribute).GetConstructor([typeof(string)])!, [function]));
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldstr, function);
        for (var i = 1; i <= texts.Length; i++)
        {
            code.Emit(OpCodes.Ldarg, i);
            var parameter = method.DefineParameter(i, ParameterAttributes.None, texts[i - 1].Name);
            if (texts[i - 1].Binding is { } binding)
            {
                parameter.SetCustomAttribute(binding);
            }
        }
        code.Emit(OpCodes.Ldarg, texts.Length + 1);
        method.DefineParameter(texts.Length + 1, ParameterAttributes.None, "cancellationToken");
        code.Emit(OpCodes.Call, target);
        code.Emit(OpCodes.Ret);
        return method;
    }

    private static CustomAttributeBuilder Attribute<T>()
        where T : Attribute => new(typeof(T).GetConstructor(Type.EmptyTypes)!, []);

    private static CustomAttributeBuilder Attribute<T>(string property, string value)
        where T : Attribute => new(typeof(T).GetConstructor(Type.EmptyTypes)!, [], [typeof(T).GetProperty(property)!], [value]);
}

/// <summary>What the extension gives a worker as its durable client: the address of its own endpoint and the task hub, as JSON.</summary>
public sealed class DurableClientText
{
    private string? _text;

    public string Text => _text ?? throw new InvalidOperationException("The durable client has not been asked for.");

    public void Set(string text) => _text = text;
}
