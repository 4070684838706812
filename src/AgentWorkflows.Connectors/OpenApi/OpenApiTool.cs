using System.Text.Json;
using AgentWorkflows.Connectors.Http;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Connectors.OpenApi;

/// <summary>An operation of a document.</summary>
internal sealed class OpenApiTool : IOutsideTool
{
    private readonly ApiOperation _operation;
    private readonly Uri _server;
    private readonly HttpCaller _caller;

    public OpenApiTool(string name, ApiOperation operation, OpenApiSettings settings, Uri server, HttpCaller caller)
    {
        (Name, _operation, _server, _caller) = (name, operation, server, caller);
        ParametersSchema = JsonSerializer.SerializeToElement(operation.Arguments);
        Definition = new ToolDefinition(settings.Name, operation.Name, operation.Description, ParametersSchema)
        {
            // What HTTP says of its methods. A POST may well be a search: that is for the contract to say.
            LeastTier = operation.Method == HttpMethod.Put || operation.Method == HttpMethod.Patch || operation.Method == HttpMethod.Delete ? ToolTier.WriteSafe : ToolTier.Read,
            Timeout = settings.Timeout,
        };
    }

    public string Name { get; }

    public JsonElement ParametersSchema { get; }

    public ToolDefinition Definition { get; }

    public Task<ToolResult> ExecuteAsync(ToolInvocation invocation, CancellationToken cancellationToken) =>
        _caller.CallAsync(invocation, arguments => ApiRequest.Of(_operation, _server, arguments), cancellationToken);
}
