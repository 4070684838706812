using System.Text.Json;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Tests.Tools.Sources;

/// <summary>A source that answers what a test says.</summary>
internal sealed class FakeSource(string name) : IToolSource
{
    public string Name => name;

    public string Kind => "fake";

    public string Address => "nowhere";

    public bool IsPinned { get; init; }

    public string? Trouble { get; set; }

    public ToolDiscovery Answer { get; set; } = new ToolDiscovery.Unreachable("nobody is there.");

    public int Asked { get; private set; }

    public bool Disposed { get; private set; }

    public event EventHandler? ToolsMayHaveChanged;

    public void SayChanged() => ToolsMayHaveChanged?.Invoke(this, EventArgs.Empty);

    public void Has(params string[] tools) => Answer = new ToolDiscovery.Found([.. tools.Select(tool => Tool(name, tool))]);

    public Task<ToolDiscovery> DiscoverAsync(CancellationToken cancellationToken)
    {
        Asked++;
        return Task.FromResult(Answer);
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }

    public static IOutsideTool Tool(string source, string tool, Func<ToolDefinition, ToolDefinition>? say = null, string? description = null)
    {
        var schema = JsonElement.Parse("""{"type":"object","properties":{"room":{"type":"integer"}},"required":["room"]}""");
        var definition = new ToolDefinition(source, tool, description ?? $"What {tool} does.", schema);
        return new FakeTool(ToolSourceNames.Of(source, tool)!, say?.Invoke(definition) ?? definition);
    }

    private sealed class FakeTool(string name, ToolDefinition definition) : IOutsideTool
    {
        public string Name => name;

        public ToolDefinition Definition => definition;

        public JsonElement ParametersSchema { get; } = OutsideSchema.Enforceable(definition.Schema);

        public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
            Task.FromResult<ToolResult>(new ToolResult.Success(invocation.Arguments));
    }
}
