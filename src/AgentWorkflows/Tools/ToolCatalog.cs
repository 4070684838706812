using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Tools;

/// <summary>A fixed set of tools, and those of the sources beside it. Thread-safe.</summary>
/// <exception cref="ArgumentException">Two tools have one name.</exception>
public sealed class ToolCatalog(IEnumerable<ITool> tools) : IToolCatalog
{
    private readonly Dictionary<string, ITool> _tools = tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);
    private readonly ToolSources? _sources;

    /// <exception cref="ArgumentException">A tool could be mistaken for one of a source.</exception>
    internal ToolCatalog(IEnumerable<ITool> tools, ToolSources sources)
        : this(tools)
    {
        _sources = sources;
        if (_tools.Keys.Select(name => sources.OwnerOf(name) is { } owner ? (Tool: name, Owner: owner.Name) : default).FirstOrDefault(found => found.Tool is not null) is { Tool: { } tool } clash)
        {
            throw new ArgumentException($"The tool '{tool}' of the program could be mistaken for one of the {sources.OwnerOf(tool)!.Kind} source '{clash.Owner}'. Rename one.", nameof(tools));
        }
    }

    public IReadOnlyCollection<string> Names => _sources is null ? _tools.Keys : [.. _tools.Keys, .. _sources.Names];

    public ITool? Find(string implementation) => _tools.GetValueOrDefault(implementation) ?? _sources?.Find(implementation);

    async Task<ITool?> IToolCatalog.FindAsync(string implementation, CancellationToken cancellationToken)
    {
        if (_sources is not null && !_tools.ContainsKey(implementation))
        {
            await _sources.ConnectAsync(implementation, cancellationToken);
        }
        return Find(implementation);
    }

    ToolSourceState? IToolCatalog.OwnerOf(string implementation) => _sources?.OwnerOf(implementation);
}
