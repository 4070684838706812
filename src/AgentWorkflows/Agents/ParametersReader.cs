using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents;

/// <summary>A tool's argument schema: generated from its C# type, or given in YAML and then never wider than what the implementation takes.</summary>
internal static class ParametersReader
{
    private const string Key = "parameters";

    public static JsonElement Read(YamlSection section, ITool tool)
    {
        if (section.Value(Key) is not { } given)
        {
            Report(section, "implementation", SchemaCheck.FindProblems(tool.ParametersSchema), $"The implementation '{tool.Name}' has a schema that cannot be enforced: ");
            return tool.ParametersSchema;
        }
        var problems = SchemaCheck.FindProblems(given);
        Report(section, Key, problems, "");
        if (problems.Count > 0)
        {
            return tool.ParametersSchema;
        }
        var closed = Closed(given);
        CheckAgainst(section, tool, closed);
        return closed;
    }

    private static void CheckAgainst(YamlSection section, ITool tool, JsonElement given)
    {
        var taken = ToolSchema.Properties(tool.ParametersSchema);
        var open = !tool.ParametersSchema.TryGetProperty("additionalProperties", out var additional) || additional.ValueKind != JsonValueKind.False;
        foreach (var name in open ? [] : ToolSchema.Properties(given).Where(name => !taken.Contains(name)))
        {
            section.Report(Key, $"'{tool.Name}' takes no argument '{name}'. Its arguments: {string.Join(", ", taken)}.");
        }
        var required = ToolSchema.Required(given);
        foreach (var name in ToolSchema.Required(tool.ParametersSchema).Where(name => !required.Contains(name)))
        {
            section.Report(Key, $"'{tool.Name}' requires the argument '{name}': list it among the properties and under 'required'.");
        }
    }

    /// <summary>Arguments that nobody described do not pass.</summary>
    internal static JsonElement Closed(JsonElement schema)
    {
        var node = JsonNode.Parse(schema.GetRawText())!.AsObject();
        node["additionalProperties"] = false;
        return JsonSerializer.SerializeToElement(node);
    }

    private static void Report(YamlSection section, string key, IReadOnlyList<ArgumentProblem> problems, string prefix)
    {
        foreach (var problem in problems)
        {
            section.Report(key, prefix + (problem.Path.Length == 0 ? problem.Message : $"{problem.Path}: {problem.Message}"));
        }
    }
}
