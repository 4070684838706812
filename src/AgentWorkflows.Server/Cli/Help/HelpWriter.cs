using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using AgentWorkflows.Server.Terminal;

namespace AgentWorkflows.Server.Cli.Help;

/// <summary>Writes <c>--help</c> to fit the terminal: commands in groups, options with what they default to, examples.</summary>
internal sealed class HelpWriter(Screen screen) : SynchronousCommandLineAction
{
    private const int Indent = 2;
    private const int MaxLabelWidth = 30;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var parents = Parents(command);
        screen.Line(command.Description ?? "");
        screen.Line();
        screen.Raw("Usage  ", Styles.Dim);
        screen.Line(Usage(command, parents));
        if (command.Subcommands.Count > 0)
        {
            WriteCommands(command);
        }
        Section("Arguments", [.. command.Arguments.Select(argument => (argument.Name, argument.Description ?? ""))]);
        Section("Options", [.. Options(command, parents)]);
        if (parents.Count > 0)
        {
            WriteExamples(CommandTexts.Of(command.Name));
        }
        else
        {
            screen.Line();
            screen.Field("Exit codes", CommandTexts.ExitCodes, labelWidth: 12);
            screen.Field("More", $"{screen.Program} COMMAND --help", labelWidth: 12);
        }
        return ExitCodes.Completed;
    }

    private void WriteCommands(Command root)
    {
        var commands = root.Subcommands.Where(command => !command.Hidden).ToLookup(command => CommandTexts.Of(command.Name).Group);
        var width = commands.SelectMany(group => group).Max(command => Label(command).Length) + 2;
        foreach (var group in CommandTexts.Groups.Where(commands.Contains))
        {
            Section(group, [.. commands[group].OrderBy(command => CommandTexts.OrderOf(command.Name)).Select(command => (Label(command), command.Description ?? ""))], width);
        }
    }

    private void WriteExamples(CommandText text)
    {
        if (text.Notes is { } notes)
        {
            screen.Line();
            screen.Line(notes);
        }
        if (text.Examples.Count == 0)
        {
            return;
        }
        screen.Line();
        screen.Line(text.Examples.Count == 1 ? "Example" : "Examples", Styles.Good);
        foreach (var (line, does) in text.Examples)
        {
            screen.Raw(new string(' ', Indent) + line.Replace("agentworkflows ", $"{screen.Program} ", StringComparison.Ordinal));
            screen.EndLine();
            screen.Line(new string(' ', Indent * 3) + does, Styles.Dim);
        }
    }

    private void Section(string title, IReadOnlyList<(string Label, string Text)> rows, int? labelWidth = null)
    {
        if (rows.Count == 0)
        {
            return;
        }
        screen.Line();
        screen.Line(title, Styles.Good);
        var width = labelWidth ?? Math.Min(MaxLabelWidth, rows.Max(row => row.Label.Length) + 2);
        foreach (var (label, text) in rows)
        {
            screen.Row(label, text, width, Indent);
        }
    }

    private static IEnumerable<(string Label, string Text)> Options(Command command, IReadOnlyList<Command> parents) =>
        command.Options
            .Concat(parents.SelectMany(parent => parent.Options).Where(option => option.Recursive))
            .Where(option => !option.Hidden)
            .Distinct()
            // Help itself last: who reads this has found it.
            .OrderBy(option => option is HelpOption or VersionOption)
            .Select(option => (Label(option), Text(option)));

    private static string Label(Command command) => string.Join(' ', command.Arguments.Select(Name).Prepend(command.Name));

    private static string Name(Argument argument) => argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name.ToUpperInvariant()}]" : argument.Name.ToUpperInvariant();

    private static string Label(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias.StartsWith('-') && alias.Length == 2).Take(1).Append(option.Name));
        return option.ValueType == typeof(bool) || option is HelpOption or VersionOption ? names : $"{names} {option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant()}";
    }

    private static string Text(Option option)
    {
        if (option is HelpOption)
        {
            return "Show this.";
        }
        if (option is VersionOption)
        {
            return "Show the version.";
        }
        var standard = option is { HasDefaultValue: true, Required: false } && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } value && $"{value}".Length > 0
            ? $" Default: {($"{value}" == Environment.UserName ? "whoever is logged in" : value)}."
            : "";
        return $"{option.Description}{(option.Required ? " Required." : "")}{standard}";
    }

    private static string Usage(Command command, IReadOnlyList<Command> parents)
    {
        var words = parents.Reverse().Select(parent => parent.Name).Append(command.Name);
        if (command.Subcommands.Count > 0)
        {
            words = words.Append("[COMMAND]");
        }
        words = words.Concat(command.Arguments.Select(Name));
        words = words.Concat(command.Options.Where(option => option.Required).Select(Label));
        return string.Join(' ', words.Append("[options]"));
    }

    private static List<Command> Parents(Command command)
    {
        var parents = new List<Command>();
        for (var parent = command.Parents.OfType<Command>().FirstOrDefault(); parent is not null; parent = parent.Parents.OfType<Command>().FirstOrDefault())
        {
            parents.Add(parent);
        }
        return parents;
    }
}

/// <summary><c>--version</c>: the release, without the build's commit.</summary>
internal sealed class VersionWriter(Screen screen) : SynchronousCommandLineAction
{
    public static string Version { get; } =
        (System.Reflection.CustomAttributeExtensions.GetCustomAttribute<System.Reflection.AssemblyInformationalVersionAttribute>(typeof(VersionWriter).Assembly)
            ?.InformationalVersion ?? "0.0.0").Split('+')[0];

    public override int Invoke(ParseResult parseResult)
    {
        screen.Line(Version);
        return ExitCodes.Completed;
    }
}
