using AgentWorkflows.Agents.Schema;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace AgentWorkflows.Agents.Yaml;

/// <summary>One parsed file and where its problems go.</summary>
internal sealed class YamlFile
{
    private const int MaxBytes = 1024 * 1024;

    private readonly List<AgentProblem> _problems;

    private YamlFile(string name, List<AgentProblem> problems)
    {
        Name = name;
        _problems = problems;
    }

    /// <summary>As people see it.</summary>
    public string Name { get; }

    /// <summary>Where files beside it are; <c>null</c> for text that is no file.</summary>
    public string? Folder { get; private init; }

    /// <summary><c>null</c> when the file could not be read; that is then a problem already.</summary>
    public YamlMappingNode? Root { get; private set; }

    /// <summary>See <see cref="YamlSection.Shape"/>.</summary>
    public Shape? Shape { get; private init; }

    /// <summary>A file in which everything is there, to note what its reader asks for.</summary>
    public static YamlFile Noting(Shape shape) => new("", []) { Root = [], Shape = shape };

    /// <summary>Text that is no file, such as what a schema asks about.</summary>
    public static YamlFile Of(string text, List<AgentProblem> problems)
    {
        var file = new YamlFile("", problems);
        file.Parse(text);
        return file;
    }

    public static YamlFile Read(string path, string name, List<AgentProblem> problems)
    {
        var file = new YamlFile(name, problems) { Folder = Path.GetDirectoryName(Path.GetFullPath(path)) };
        switch (FileText.Of(path, MaxBytes))
        {
            case FileText.Read read:
                file.Parse(read.Text);
                break;
            case FileText.Unreadable unreadable:
                file.Report(unreadable.Line, "", unreadable.Problem);
                break;
            case var other:
                throw new InvalidOperationException($"Unknown text {other.GetType().Name}.");
        }
        return file;
    }

    public void Report(long line, string key, string message) => _problems.Add(new AgentProblem(Name, (int)line, key, message));

    private void Parse(string text)
    {
        try
        {
            if (FindAlias(text) is { } alias)
            {
                // An alias could make a small file unfold into an endless one.
                Report(alias.Start.Line, "", $"'*{alias.Value}' is an alias. Write the value out.");
                return;
            }
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }])
            {
                Root = root;
                return;
            }
            Report(1, "", "The file must hold one YAML document that is a map of keys and values.");
        }
        catch (YamlException error)
        {
            // What is told is found where the parser stopped, not where the value began.
            Report(Math.Max(error.Start.Line, error.End.Line), "", $"Not valid YAML: {error.Message}");
        }
    }

    private static AnchorAlias? FindAlias(string text)
    {
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            if (parser.Current is AnchorAlias alias)
            {
                return alias;
            }
        }
        return null;
    }
}
