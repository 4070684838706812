namespace AgentWorkflows.Tools.Sources;

/// <summary>An MCP server: a program that is started and talked to by its standard input and output, or an address (streamable HTTP). Values may name variables, see <see cref="EnvironmentText"/>.</summary>
internal sealed record McpServerSettings(string Name) : ToolSourceSettings(Name)
{
    public const string OfKind = "mcp";

    /// <summary>A call, unless its contract says otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A program of the path, or a path to one. This or <see cref="Url"/>.</summary>
    public string? Command { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What the program finds in its environment beside PATH and HOME; of the host's own it sees nothing else.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    public string? Url { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of starting and asking for tools, and of a call whose contract has none; default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>The argument of each tool that has one of this name gets the call's idempotency key; it is always in <c>_meta</c> too.</summary>
    public string? KeyArgument { get; init; }

    public override string Kind => OfKind;

    public override string ToDo => "Both hosts bring what reaches them; a builder of your own gets it with AddMcpServer(…), of AgentWorkflows.Connectors.";
}
