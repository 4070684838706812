using AgentWorkflows.Agents.Yaml;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Agents.Sources;

/// <summary>Reads what <c>agent.yaml</c> says of sources of tools: a key for each kind, with the sources of that kind under their names.</summary>
internal static class SourceReader
{
    private static readonly (string Key, Func<string, YamlSection, ToolSourceSettings?> Read)[] Kinds =
    [
        (McpServerSettings.OfKind, McpReader.Read),
        (OpenApiSettings.OfKind, HttpSourceReader.ReadOpenApi),
        (HttpToolSettings.OfKind, HttpSourceReader.ReadTool),
    ];

    public static IReadOnlyList<string> Keys { get; } = [.. Kinds.Select(kind => kind.Key)];

    public static IReadOnlyList<DeclaredSource> Read(YamlSection root)
    {
        var declared = new List<DeclaredSource>();
        foreach (var (key, read) in Kinds)
        {
            foreach (var (name, section) in root.Sections(key))
            {
                if (section.Shape is not null)
                {
                    read(name, section);
                }
                else if (!ToolSourceNames.IsName(name))
                {
                    section.Report($"'{name}' is not a name for a source of tools. Allowed: {ToolSourceNames.Rule}.");
                }
                else if (declared.Select(other => ToolSourceNames.Overlap(other.Settings.Name, name)).FirstOrDefault(overlap => overlap is not null) is { } overlap)
                {
                    section.Report(overlap);
                }
                else if (read(name, section) is { } settings)
                {
                    declared.Add(new DeclaredSource(settings, section));
                }
            }
        }
        return declared;
    }
}

/// <param name="At">Where it stands.</param>
internal sealed record DeclaredSource(ToolSourceSettings Settings, YamlSection At);
