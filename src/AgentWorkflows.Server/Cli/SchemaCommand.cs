using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentWorkflows.Agents.Schema;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli;

/// <summary><c>schema</c>: JSON schemas of the files in an agents folder, so that editors complete and check them.</summary>
internal sealed class SchemaCommand(Screen screen)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Argument<string?> _name = new("name")
    {
        Description = "Which: agent (agent.yaml), tool (a contract in it), playbook (playbook.yaml) or prices (prices.yaml).",
        Arity = ArgumentArity.ZeroOrOne,
        CompletionSources = { _ => AgentSchemas.Names.Select(name => new CompletionItem(name)) },
    };

    private readonly Option<string?> _out = new("--out") { Description = "Write all of them into this folder instead.", HelpName = "DIR" };

    public Command Create()
    {
        var command = new Command("schema", "Write the JSON schema of agent definitions, for editors.") { _name, _out };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_name) is { } name && !AgentSchemas.Names.Contains(name))
            {
                result.AddError($"There is no schema '{name}'. There are: {string.Join(", ", AgentSchemas.Names)}.");
            }
            else if ((result.GetValue(_name) is null) == (result.GetValue(_out) is null))
            {
                result.AddError($"Give either a name ({string.Join(", ", AgentSchemas.Names)}) or --out DIR for all.");
            }
        });
        return command;
    }

    public static string Text(string name) => JsonSerializer.Serialize(AgentSchemas.Of(name), Indented) + "\n";

    public int Run(ParseResult result)
    {
        if (result.GetValue(_name) is { } name)
        {
            screen.Verbatim(Text(name));
            return ExitCodes.Completed;
        }
        var folder = Directory.CreateDirectory(result.GetValue(_out)!);
        foreach (var each in AgentSchemas.Names)
        {
            var file = Path.Combine(folder.FullName, AgentSchemas.FileName(each));
            File.WriteAllText(file, Text(each));
            screen.Line(Path.GetRelativePath(Directory.GetCurrentDirectory(), file));
        }
        screen.Line("Refer to one in a file's first line:", Styles.Dim);
        screen.Line("# yaml-language-server: $schema=../schemas/agent.schema.json", Styles.Dim);
        return ExitCodes.Completed;
    }
}
