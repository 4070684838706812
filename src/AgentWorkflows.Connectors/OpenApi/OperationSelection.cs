using System.IO.Enumeration;
using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools.Sources;
using Microsoft.OpenApi;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>Which operations of a document become tools. Pure.</summary>
internal sealed class OperationSelection(OpenApiSettings settings, IReadOnlySet<string> hidden)
{
    private const string Tag = "tag:";
    private const int MaxProblems = 20;

    private readonly List<string> _problems = [];

    /// <summary>What was asked for and cannot be had. Where nothing was asked for, what cannot be expressed is left out.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public IReadOnlyList<(string Tool, ApiOperation Operation)> Read(OpenApiDocument document)
    {
        var all = document.Paths.Where(path => path.Value.Operations is not null).SelectMany(path => path.Value.Operations!.Select(
            operation => (Path: path.Key, Item: path.Value, Method: operation.Key, Operation: operation.Value, Name: OperationReader.NameOf(path.Key, operation.Key, operation.Value)))).ToList();
        foreach (var pattern in settings.Operations.Where(pattern => !all.Any(one => Matches(pattern, one.Name, one.Operation))))
        {
            var nearest = NearestName.Find(pattern, [.. all.Select(one => one.Name)]) is { } near ? $" Did you mean '{near}'?" : "";
            Report($"The document has no operation '{pattern}'.{nearest}");
        }
        var reader = new OperationReader(hidden);
        var tools = new Dictionary<string, ApiOperation>(StringComparer.Ordinal);
        var asked = settings.Operations.Count > 0;
        foreach (var one in all.Where(one => !asked || settings.Operations.Any(pattern => Matches(pattern, one.Name, one.Operation))))
        {
            try
            {
                var operation = reader.Read(one.Path, one.Method, one.Operation, one.Item);
                if (ToolSourceNames.Of(settings.Name, operation.Name) is not { } name)
                {
                    throw new NotExpressibleException($"operation '{operation.Name}'", "its name is too long for a tool's. Give it a shorter operationId, or the source a shorter name.");
                }
                if (!tools.TryAdd(name, operation))
                {
                    tools.Remove(asked ? "" : name);
                    throw new NotExpressibleException($"operation '{operation.Name}'", $"another one is called '{name}' too. Change one operationId.");
                }
            }
            catch (NotExpressibleException exception)
            {
                if (asked)
                {
                    Report(exception.Message);
                }
            }
        }
        return [.. tools.Select(tool => (tool.Key, tool.Value))];
    }

    private static bool Matches(string pattern, string name, OpenApiOperation operation) => pattern.StartsWith(Tag, StringComparison.Ordinal)
        ? operation.Tags?.Any(tag => FileSystemName.MatchesSimpleExpression(Escaped(pattern[Tag.Length..]), tag.Name ?? tag.Reference.Id ?? "", ignoreCase: false)) == true
        : FileSystemName.MatchesSimpleExpression(Escaped(pattern), name, ignoreCase: false);

    /// <summary>Only * stands for others.</summary>
    private static string Escaped(string pattern) => pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);

    private void Report(string problem)
    {
        if (_problems.Count < MaxProblems)
        {
            _problems.Add(problem.EndsWith('.') ? problem : problem + ".");
        }
    }
}
