using System.Text.Json;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Server.Tests.Sessions;

/// <summary>A catalog with one tool more, which takes what it is given.</summary>
internal sealed class AddedTool(IToolCatalog inner, string name, string schema, Func<ToolInvocation, ToolResult> behaviour) : IToolCatalog
{
    public IReadOnlyCollection<string> Names => [.. inner.Names, name];

    public ITool? Find(string implementation) => implementation == name ? new Added(name, JsonElement.Parse(schema), behaviour) : inner.Find(implementation);

    private sealed record Added(string Name, JsonElement ParametersSchema, Func<ToolInvocation, ToolResult> Behaviour) : ITool
    {
        public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) => Task.FromResult(Behaviour(invocation));
    }
}
