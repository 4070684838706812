using System.Text.Json;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Testing;

/// <summary>A catalog in which one tool behaves as a test says.</summary>
public sealed class ReplacedTool(IToolCatalog inner, string name, Func<ToolInvocation, ITool, CancellationToken, Task<ToolResult>> behaviour) : IToolCatalog
{
    public ReplacedTool(IToolCatalog inner, string name, Func<ToolInvocation, ITool, Task<ToolResult>> behaviour)
        : this(inner, name, (invocation, original, _) => behaviour(invocation, original))
    {
    }

    public IReadOnlyCollection<string> Names => inner.Names;

    public ITool? Find(string implementation)
    {
        var original = inner.Find(implementation);
        return original is not null && (implementation == name || implementation.EndsWith("." + name, StringComparison.Ordinal))
            ? new Behaviour(original, behaviour)
            : original;
    }

    private sealed class Behaviour(ITool original, Func<ToolInvocation, ITool, CancellationToken, Task<ToolResult>> behaviour) : ITool
    {
        public string Name => original.Name;

        public JsonElement ParametersSchema => original.ParametersSchema;

        public ToolContract? Contract => original.Contract;

        public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) => behaviour(invocation, original, cancellationToken);
    }
}
