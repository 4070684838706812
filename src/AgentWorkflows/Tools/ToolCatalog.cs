namespace AgentWorkflows.Tools;

/// <summary>A fixed set of tools. Thread-safe.</summary>
/// <exception cref="ArgumentException">Two tools have one name.</exception>
public sealed class ToolCatalog(IEnumerable<ITool> tools) : IToolCatalog
{
    private readonly Dictionary<string, ITool> _tools = tools.ToDictionary(tool => tool.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _tools.Keys;

    public ITool? Find(string implementation) => _tools.GetValueOrDefault(implementation);
}
