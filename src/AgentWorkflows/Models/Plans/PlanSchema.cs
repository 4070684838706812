using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflows.Models.Plans;

/// <summary>
/// The schema of a plan for exactly the tools a session may use: the provider itself then lets no unknown tool name, missing argument or additional member through.
/// Where a contract's arguments cannot be said in the strict subset, the general schema is used and only the parser and the gate check. Pure.
/// </summary>
public sealed record PlanSchema(JsonElement Schema, bool Strict)
{
    private const string Null = "null";

    public static PlanSchema For(IReadOnlyList<ToolDeclaration> tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        var definitions = new JsonObject { ["criterion"] = Criterion(), ["fact"] = Fact() };
        foreach (var tool in tools)
        {
            if (StrictSchema.TryMake(tool.Parameters) is not { } arguments)
            {
                return new PlanSchema(PlanParser.Schema, Strict: false);
            }
            definitions[ArgumentsOf(tool)] = arguments;
        }
        if (tools.Count == 0)
        {
            return new PlanSchema(PlanParser.Schema, Strict: false);
        }
        var schema = Closed(
            ("reason", Typed("string")),
            ("reliesOn", new JsonObject { ["type"] = "array", ["items"] = Reference("fact") }),
            ("steps", new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["anyOf"] = new JsonArray([.. tools.Select(tool => Step(tool))]) } }),
            ("answer", Typed("string", Null)));
        definitions["alternative"] = new JsonObject
        {
            ["anyOf"] = new JsonArray([Typed(Null), .. tools.Select(tool => Closed(("tool", Name(tool)), ("arguments", Reference(ArgumentsOf(tool)))))]),
        };
        schema["$defs"] = definitions;
        return new PlanSchema(JsonSerializer.SerializeToElement(schema), Strict: true);
    }

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

    private static JsonObject Step(ToolDeclaration tool) => Closed(
        ("id", Typed("string")),
        ("tool", Name(tool)),
        ("arguments", Reference(ArgumentsOf(tool))),
        ("successCriteria", new JsonObject { ["type"] = "array", ["items"] = Reference("criterion") }),
        ("timeBudgetSeconds", Typed("number", Null)),
        ("onFailure", Choice<OnFailure>()),
        ("alternative", Reference("alternative")),
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

    private static JsonObject Name(ToolDeclaration tool) => new() { ["type"] = "string", ["enum"] = new JsonArray(tool.Name) };

    private static JsonObject Choice<TEnum>()
        where TEnum : struct, Enum => new() { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames<TEnum>().Select(name => (JsonNode)name)]) };

    private static JsonObject Reference(string definition) => new() { ["$ref"] = "#/$defs/" + definition };

    private static string ArgumentsOf(ToolDeclaration tool) => "arguments_" + tool.Name;
}
