using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Models.Plans;

/// <summary>
/// The schema of a plan for exactly the tools a session may use: the provider itself then lets no unknown tool name, missing argument or additional member through.
/// A call is an object whose one key is the tool's name (<see cref="NamedCalls"/>).
/// Where a contract's arguments cannot be said in the strict subset, the general schema is used and only the parser and the gate check. Pure.
/// </summary>
internal sealed record PlanSchema(JsonElement Schema, bool Strict)
{
    private const string Null = "null";

    public static PlanSchema For(IReadOnlyList<ToolDeclaration> tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        var calls = new JsonArray();
        foreach (var tool in tools)
        {
            if (StrictSchema.TryMake(tool.Parameters) is not { } arguments)
            {
                return General;
            }
            calls.Add((JsonNode)Closed((tool.Name, arguments)));
        }
        if (tools.Count == 0)
        {
            return General;
        }
        var schema = Closed(
            ("reason", Typed("string")),
            ("reliesOn", new JsonObject { ["type"] = "array", ["items"] = Reference("fact") }),
            ("steps", new JsonObject { ["type"] = "array", ["items"] = Step() }),
            ("answer", Typed("string", Null)));
        schema["$defs"] = new JsonObject { ["criterion"] = Criterion(), ["fact"] = Fact(), [NamedCalls.Call] = new JsonObject { ["anyOf"] = calls } };
        var made = JsonSerializer.SerializeToElement(schema);
        // Contracts can be too large, or have choices of their own that the rules forbid.
        return StructuredOutputs.FirstProblem(made) is null ? new PlanSchema(made, Strict: true) : General;
    }

    private static PlanSchema General => new(PlanParser.Schema, Strict: false);

    /// <summary>The plan without the nulls that strict mode made the model write for optional arguments.</summary>
    public static Plan WithoutNulls(Plan plan, IReadOnlyList<ToolDeclaration> tools)
    {
        ArgumentNullException.ThrowIfNull(plan);
        JsonElement Clean(string tool, JsonElement arguments) =>
            tools.FirstOrDefault(declared => declared.Name == tool) is { } known ? StrictSchema.WithoutNulls(arguments, known.Parameters) : arguments;
        return plan with
        {
            Steps = [.. plan.Steps.Select(step => step with
            {
                Arguments = Clean(step.Tool, step.Arguments),
                Alternative = step.Alternative is { } other ? other with { Arguments = Clean(other.Tool, other.Arguments) } : null,
            })],
        };
    }

    private static JsonObject Step() => Closed(
        ("id", Typed("string")),
        (NamedCalls.Call, Reference(NamedCalls.Call)),
        ("successCriteria", new JsonObject { ["type"] = "array", ["items"] = Reference("criterion") }),
        ("timeBudgetSeconds", Typed("number", Null)),
        ("onFailure", Choice<OnFailure>()),
        ("alternative", StrictSchema.OrNull(Reference(NamedCalls.Call))),
        ("undo", Typed("string", Null)));

    private static JsonObject Criterion() => Closed(
        ("path", Typed("string")),
        ("operator", Choice<CriterionOperator>()),
        ("value", Typed("string", "number", "boolean", Null)));

    private static JsonObject Fact() => Closed(
        ("turn", Typed("integer")),
        ("step", Typed("string")),
        ("path", Typed("string")),
        ("value", Typed("string", "number", "boolean", Null)));

    private static JsonObject Closed(params (string Name, JsonObject Schema)[] properties) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(properties.Select(property => new KeyValuePair<string, JsonNode?>(property.Name, property.Schema))),
        ["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Name)]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Typed(params string[] types) =>
        new() { ["type"] = types.Length == 1 ? types[0] : new JsonArray([.. types.Select(type => (JsonNode)type)]) };

    private static JsonObject Choice<TEnum>()
        where TEnum : struct, Enum => new() { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames<TEnum>().Select(name => (JsonNode)name)]) };

    private static JsonObject Reference(string definition) => new() { ["$ref"] = "#/$defs/" + definition };
}
