using AgentWorkflows.Connectors.Mcp;
using AgentWorkflows.Hosting;
using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflows.Connectors;

/// <summary>Adds MCP servers as sources of tools. Agents may name their own in <c>agent.yaml</c>, under <c>mcp</c>.</summary>
public static class McpBuilder
{
    /// <summary>
    /// A server whose tools every agent may list, as <c>NAME_TOOL</c>. What it says of itself lowers no caution: without a contract in <c>agent.yaml</c> a tool is destructive.
    /// </summary>
    /// <param name="name">1 to 32 of a-z, 0-9 and single _ between them, beginning with a letter.</param>
    /// <param name="server">Says where it is: a command or a URL.</param>
    /// <exception cref="ArgumentException">The name is no name, or neither or both of command and URL are said.</exception>
    public static IAgentWorkflowsBuilder AddMcpServer(this IAgentWorkflowsBuilder builder, string name, Action<McpServer> server)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(server);
        if (!ToolSourceNames.IsName(name))
        {
            throw new ArgumentException($"'{name}' is not a name for a source of tools. Allowed: {ToolSourceNames.Rule}.", nameof(name));
        }
        var said = new McpServer();
        server(said);
        builder.Services.AddSingleton<ToolSourceSettings>(said.Settings(name));
        return builder.AddMcp();
    }

    /// <summary>For servers that only agents name. Hosts call it.</summary>
    internal static IAgentWorkflowsBuilder AddMcp(this IAgentWorkflowsBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolSourceFactory, McpSourceFactory>());
        return builder;
    }
}

/// <summary>Where an MCP server is. In every value <c>${NAME}</c> is a variable of the host's environment.</summary>
public sealed class McpServer
{
    /// <summary>A program that is started and talked to by its standard input and output. This or <see cref="Url"/>.</summary>
    public string? Command { get; set; }

    public IList<string> Arguments { get; } = [];

    /// <summary>What the program finds in its environment beside PATH and HOME.</summary>
    public IDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Streamable HTTP.</summary>
    public Uri? Url { get; set; }

    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of starting it, and of a call whose contract says none; default 30 s.</summary>
    public TimeSpan Timeout { get; set; } = McpServerSettings.DefaultTimeout;

    /// <summary>The argument in which tools that have it take the idempotency key.</summary>
    public string? KeyArgument { get; set; }

    internal McpServerSettings Settings(string name) => (Command is null) == (Url is null)
        ? throw new ArgumentException($"The MCP server '{name}' has a Command or a Url, and not both.", nameof(name))
        : new McpServerSettings(name)
        {
            Command = Command,
            Arguments = [.. Arguments],
            Environment = new SortedDictionary<string, string>(Environment, StringComparer.Ordinal),
            Url = Url?.AbsoluteUri,
            Headers = new SortedDictionary<string, string>(Headers, StringComparer.Ordinal),
            Timeout = Timeout,
            KeyArgument = KeyArgument,
        };
}
