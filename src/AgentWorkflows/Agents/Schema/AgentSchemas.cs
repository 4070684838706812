using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Costs;
using AgentWorkflows.Evals;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Agents.Schema;

/// <summary>
/// JSON schemas of the files in an agents folder, for editors. Made by letting the readers of those files read one in which everything is there, so a schema
/// knows what its reader knows: keys, types, ranges and choices. Which keys are required is found by leaving each map empty.
/// </summary>
internal static class AgentSchemas
{
    private const string Dialect = "http://json-schema.org/draft-07/schema#";
    private const string RequiredMessage = "This key is required";

    public static IReadOnlyList<string> Names { get; } = ["agent", "tool", "playbook", "prices", "eval"];

    public static string FileName(string name) => $"{name}.schema.json";

    public static JsonObject Of(string name) => name switch
    {
        "agent" => Titled("agent.yaml", "An agent: what it is told, which models and tools it uses, and what it is held to.", Agent(), ""),
        "tool" => Titled("Tool contract", "One entry under 'tools' of an agent.yaml.", Agent().Members.Single(member => member.Name == "tools").Shape.Members.Single().Shape, "tools.*"),
        "playbook" => Titled("playbook.yaml", "The script of the offline playbook, which stands in for a language model.", Playbook(), "", SchemaTexts.Playbook),
        "prices" => Prices(),
        "eval" => Titled("evals/*.yaml", "Cases that say how well an agent does its work.", Note(file => new EvalReader(file, "example", null).Read()), "", SchemaTexts.Eval),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, $"There is no such schema. There are: {string.Join(", ", Names)}."),
    };

    private static JsonObject Titled(string title, string description, Shape shape, string path, Func<string, string?>? describe = null) => Titled(title, description, shape.ToSchema(path, describe ?? SchemaTexts.Agent));

    private static JsonObject Titled(string title, string description, JsonObject schema)
    {
        schema.Remove("description");
        schema.Insert(0, "$schema", Dialect);
        schema.Insert(1, "title", title);
        schema.Insert(2, "description", description);
        return schema;
    }

    private static Shape Agent()
    {
        void Read(YamlFile file) => new AgentReader(file, "example", new AnyTools(), new Dictionary<string, ModelPrice>()).Read();
        return Note(Read);
    }

    private static Shape Playbook()
    {
        var agent = new AgentReader(YamlFile.Noting(new Shape()), "example", new AnyTools(), new Dictionary<string, ModelPrice>()).Read()!;
        return Note(file => new PlaybookReader(file, agent).Read());
    }

    /// <summary>One sheet, or several under <c>sheets</c>.</summary>
    private static JsonObject Prices()
    {
        var several = Note(file => PriceSheetReader.Read(file, DateTimeOffset.MaxValue));
        var sheet = several.Members.Single(member => member.Name == "sheets").Shape.Item!;
        var schema = new JsonObject
        {
            ["anyOf"] = new JsonArray(sheet.ToSchema("", SchemaTexts.Prices), WithRequired(several.ToSchema("", SchemaTexts.Prices), "sheets")),
        };
        return Titled("prices.yaml", "What models cost, in USD per million tokens. A model without a price is refused, not free.", schema);
    }

    private static JsonObject WithRequired(JsonObject schema, string key)
    {
        schema["required"] = new JsonArray(key);
        return schema;
    }

    private static Shape Note(Action<YamlFile> read)
    {
        var shape = new Shape();
        read(YamlFile.Noting(shape));
        NoteRequired(shape, [], read);
        return shape;
    }

    /// <param name="path">Names of maps, and <c>[]</c> for an item of a list.</param>
    private static void NoteRequired(Shape shape, List<string> path, Action<YamlFile> read)
    {
        if (shape.IsMap)
        {
            var problems = new List<AgentProblem>();
            read(YamlFile.Of(Nested(path), problems));
            var at = KeyPath(path);
            foreach (var problem in problems.Where(problem => problem.Message.StartsWith(RequiredMessage, StringComparison.Ordinal)))
            {
                if (problem.Key.StartsWith(at, StringComparison.Ordinal) && problem.Key[at.Length..].TrimStart('.') is var key && shape.Members.Any(member => member.Name == key))
                {
                    shape.Require(key);
                }
            }
        }
        foreach (var (name, member) in shape.Members)
        {
            NoteRequired(member, [.. path, name == Shape.AnyName ? "example" : name], read);
        }
        if (shape.Item is { } item)
        {
            NoteRequired(item, [.. path, "[]"], read);
        }
    }

    /// <summary>A document with nothing but an empty map at the path.</summary>
    private static string Nested(List<string> path)
    {
        var text = new StringBuilder("{}");
        foreach (var step in Enumerable.Reverse(path))
        {
            text.Insert(0, step == "[]" ? "[" : $"{{{step}: ").Append(step == "[]" ? ']' : '}');
        }
        return text.ToString();
    }

    private static string KeyPath(List<string> path)
    {
        var text = new StringBuilder();
        foreach (var step in path)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(step == "[]" || text.Length == 0 ? "" : ".")}{(step == "[]" ? "[0]" : step)}");
        }
        return text.ToString();
    }

    /// <summary>A host that has every tool, with contracts of their own: what a file may leave to them is not required.</summary>
    private sealed class AnyTools : IToolCatalog
    {
        public IReadOnlyCollection<string> Names => [];

        public ITool Find(string implementation) => new AnyTool();
    }

    private sealed class AnyTool : ITool
    {
        public string Name => "example";

        public JsonElement ParametersSchema { get; } = JsonElement.Parse("""{"type":"object","properties":{},"additionalProperties":false}""");

        public ToolContract Contract => new() { Name = Name, Implementation = Name, Description = "", Parameters = ParametersSchema };

        public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
            Task.FromResult(ToolResult.Permanent("This tool only stands for any.", "Use a real one."));
    }
}
