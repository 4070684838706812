using System.Text.Json;
using AgentWorkflows.DurableHost.Engine;
using AgentWorkflows.WorkerProtocol.Messages;

namespace AgentWorkflows.DurableHost.Worker;

/// <summary>A function as the worker describes it.</summary>
internal sealed class WorkerFunction
{
    private readonly List<JsonElement> _bindings;

    public WorkerFunction(RpcFunctionMetadata metadata)
    {
        Metadata = metadata;
        _bindings = [.. metadata.RawBindings.Select(binding => JsonSerializer.Deserialize<JsonElement>(binding))];
        Trigger = _bindings.Single(binding => TypeOf(binding).EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));
    }

    public RpcFunctionMetadata Metadata { get; }

    public string Name => Metadata.Name;

    public JsonElement Trigger { get; }

    /// <summary>The parameter that gets what triggered it.</summary>
    public string Input => Trigger.GetProperty("name").GetString()!;

    /// <summary>Parameters that get the durable client.</summary>
    public IEnumerable<string> Clients =>
        _bindings.Where(binding => IsOf(binding, "durableClient")).Select(binding => binding.GetProperty("name").GetString()!);

    public bool IsHttp => IsOf(Trigger, "httpTrigger");

    public bool IsTimer => IsOf(Trigger, "timerTrigger");

    /// <summary><c>null</c>: it is neither an orchestrator nor an activity.</summary>
    public DurableFunction? Durable =>
        IsOf(Trigger, "orchestrationTrigger") ? new DurableFunction(Name, Text("orchestration") ?? Name, DurableFunctionKind.Orchestrator)
        : IsOf(Trigger, "activityTrigger") ? new DurableFunction(Name, Text("activity") ?? Name, DurableFunctionKind.Activity)
        : null;

    /// <summary>Without a leading slash. Of HTTP functions.</summary>
    public string Route => Text("route") ?? Name;

    /// <summary>Of HTTP functions; none means all.</summary>
    public IReadOnlyList<string> Methods =>
        Trigger.TryGetProperty("methods", out var methods) ? [.. methods.EnumerateArray().Select(method => method.GetString()!)] : [];

    private string? Text(string property) => Trigger.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static bool IsOf(JsonElement binding, string type) => string.Equals(TypeOf(binding), type, StringComparison.OrdinalIgnoreCase);

    private static string TypeOf(JsonElement binding) => binding.GetProperty("type").GetString()!;
}
