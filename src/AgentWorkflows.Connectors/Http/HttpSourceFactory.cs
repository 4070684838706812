using AgentWorkflows.Connectors.OpenApi;
using AgentWorkflows.Tools.Sources;

namespace AgentWorkflows.Connectors.Http;

/// <summary>Makes the sources that are reached by HTTP.</summary>
internal sealed class HttpSourceFactory(TimeProvider time) : IToolSourceFactory
{
    private readonly HttpServices _services = new(time, Environment.GetEnvironmentVariable, new SystemResolver());

    public IToolSource? Create(ToolSourceSettings settings) => settings switch
    {
        OpenApiSettings api => new OpenApiToolSource(api, _services),
        HttpToolSettings tool => new HttpToolSource(tool, _services),
        _ => null,
    };
}
