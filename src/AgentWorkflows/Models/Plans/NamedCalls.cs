using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Models.Plans;

/// <summary>
/// Plans as the strict schema has them: a call is <c>{"call": {"get_order": {"order_id": 1042}}}</c>, not <c>{"tool": "get_order", "arguments": {…}}</c>. Providers tell
/// the objects of a choice apart by their first key, so that has to be the tool's name. Pure.
/// </summary>
internal static class NamedCalls
{
    public const string Call = "call";
    private const string Tool = "tool";
    private const string Arguments = "arguments";
    private const string Alternative = "alternative";

    /// <summary>An earlier plan as the model is shown it.</summary>
    public static string Shown(string plan)
    {
        if (JsonNode.Parse(plan) is not JsonObject root || root["steps"] is not JsonArray steps)
        {
            return plan;
        }
        foreach (var step in steps.OfType<JsonObject>())
        {
            if (Named(step) is not { } call)
            {
                continue;
            }
            step.Remove(Arguments);
            step[Tool] = null;
            Rename(step, Tool, Call, call);
            if (step[Alternative] is JsonObject other && Named(other) is { } way)
            {
                step[Alternative] = way;
            }
        }
        return root.ToJsonString(Durability.DurableJson.Options);
    }

    /// <summary>A model's text with its calls named as <see cref="PlanStep"/> has them; as it is where it has none of the other kind.</summary>
    /// <exception cref="JsonException">It is no JSON, or has a member twice.</exception>
    public static (string Text, string? Problem) Read(string text)
    {
        if (!text.Contains($"\"{Call}\"", StringComparison.Ordinal))
        {
            return (text, null);
        }
        var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 };
        if (JsonNode.Parse(text, null, options) is not JsonObject root || root["steps"] is not JsonArray steps)
        {
            return (text, null);
        }
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i] is not JsonObject step || !step.ContainsKey(Call) || step.ContainsKey(Tool))
            {
                continue;
            }
            if (One(step[Call]) is not { } call)
            {
                return (text, $"$.steps[{i}].call must be an object with one member: the tool's name, and in it the arguments as an object.");
            }
            step.Remove(Call);
            step[Tool] = call.Name;
            step[Arguments] = call.Arguments;
            if (step[Alternative] is JsonObject other && !other.ContainsKey(Tool) && One(other) is { } way)
            {
                step[Alternative] = new JsonObject { [Tool] = way.Name, [Arguments] = way.Arguments };
            }
        }
        return (root.ToJsonString(), null);
    }

    private static (string Name, JsonNode Arguments)? One(JsonNode? call) =>
        call is JsonObject { Count: 1 } named && named.Single() is { Value: JsonObject arguments } only ? (only.Key, arguments.DeepClone()) : null;

    private static JsonObject? Named(JsonObject call) =>
        call[Tool] is JsonValue tool && tool.TryGetValue<string>(out var name) ? new JsonObject { [name] = call[Arguments]?.DeepClone() } : null;

    /// <summary>Keeps the place: first keys first, as the schema has them.</summary>
    private static void Rename(JsonObject from, string name, string to, JsonNode value)
    {
        var members = from.Select(member => (Name: member.Key == name ? to : member.Key, Value: member.Key == name ? value : member.Value?.DeepClone())).ToList();
        from.Clear();
        foreach (var member in members)
        {
            from[member.Name] = member.Value;
        }
    }
}
