using AgentWorkflows.Screening;
using AgentWorkflows.Tools.Sources;
using ModelContextProtocol.Protocol;

namespace AgentWorkflows.Connectors.Mcp;

/// <summary>A server of the Model Context Protocol as a source of tools. Its connection is made when it is asked for its tools, and again after it ended.</summary>
internal sealed class McpSource(McpServerSettings settings, Func<string, string?> variable) : IToolSource
{
    private const int MaxTools = 1000;

    private volatile McpConnection? _connection;

    public string Name => settings.Name;

    public string Kind => settings.Kind;

    public string Address => settings.Command is { } command ? string.Join(' ', [command, .. settings.Arguments]) : settings.Url!;

    public bool IsPinned => true;

    public string? Trouble => _connection is { IsOver: true } over
        ? $"The connection ended.{(over.LastWords is { Length: > 0 } words ? $" The server said: {Redaction.Text(words)}" : "")}" : null;

    public McpServerSettings Settings => settings;

    public event EventHandler? ToolsMayHaveChanged;

    /// <summary>The one that calls go through; <c>null</c> when there is none that could answer.</summary>
    public McpConnection? Connection => _connection is { IsOver: false } connection ? connection : null;

    public async Task<ToolDiscovery> DiscoverAsync(CancellationToken cancellationToken)
    {
        if (EnvironmentText.Missing([.. settings.Arguments, .. settings.Environment.Values, .. settings.Headers.Values], variable) is { } missing)
        {
            return new ToolDiscovery.Unreachable(missing);
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.Timeout);
        try
        {
            return Read(await ListAsync(await ConnectAsync(limit.Token), limit.Token));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever a server does keeps its own agents from starting, and nothing else.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await EndAsync();
            var why = exception is OperationCanceledException ? $"It did not say what tools it has within {settings.Timeout.TotalSeconds:0.#} s." : Redaction.Text(exception.Message);
            return new ToolDiscovery.Unreachable(why);
        }
    }

    /// <summary>After a call that the connection did not survive, or must not.</summary>
    public async Task EndAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }
        // Who starts again may have other tools.
        Changed();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<McpConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (Connection is { } open)
        {
            return open;
        }
        if (_connection is { } over)
        {
            await over.DisposeAsync();
        }
        var connection = await McpConnection.OpenAsync(settings, variable, Changed, cancellationToken);
        _connection = connection;
        return connection;
    }

    private static async Task<List<Tool>> ListAsync(McpConnection connection, CancellationToken cancellationToken)
    {
        var (tools, request) = (new List<Tool>(), new ListToolsRequestParams());
        do
        {
            var page = await connection.Client.ListToolsAsync(request, cancellationToken);
            tools.AddRange(page.Tools);
            request = new ListToolsRequestParams { Cursor = page.NextCursor };
        }
        while (request.Cursor is { Length: > 0 } && tools.Count <= MaxTools);
        return tools;
    }

    private ToolDiscovery Read(List<Tool> tools)
    {
        if (tools.Count > MaxTools)
        {
            return new ToolDiscovery.Invalid($"It has more than {MaxTools} tools.");
        }
        var problems = ToolSourceNames.Problems(Name, tools.Select(tool => tool.Name));
        return problems.Count > 0
            ? new ToolDiscovery.Invalid(string.Join(' ', problems) + " Tools must not be mistaken for each other.")
            : new ToolDiscovery.Found([.. tools.Select(tool => new McpTool(this, tool))]);
    }

    private void Changed() => ToolsMayHaveChanged?.Invoke(this, EventArgs.Empty);
}

internal sealed class McpSourceFactory : IToolSourceFactory
{
    public IToolSource? Create(ToolSourceSettings settings) => settings is McpServerSettings server ? new McpSource(server, Environment.GetEnvironmentVariable) : null;
}
