using AgentWorkflows.Tools.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentWorkflows.Connectors.Mcp;

/// <summary>One connection with a server, from start to end. Once it has ended it does not come back: there is another one then. Thread-safe.</summary>
internal sealed class McpConnection : IAsyncDisposable
{
    /// <summary>Of one message. A model reads at most 256 KiB of it.</summary>
    internal const int MaxMessageBytes = 4 * 1024 * 1024;

    private readonly ServerProcess? _process;
    private readonly IAsyncDisposable? _transport;
    private readonly BoundedStream? _output;
    private int _disposed;

    private McpConnection(McpClient client, ServerProcess? process, IAsyncDisposable? transport, BoundedStream? output) =>
        (Client, _process, _transport, _output) = (client, process, transport, output);

    public McpClient Client { get; }

    /// <summary>No call of it can be answered any more.</summary>
    public bool IsOver => Client.Completion.IsCompleted || Volatile.Read(ref _disposed) != 0;

    /// <summary>A message was longer than it may be, which ended the connection.</summary>
    public bool IsOverlong => _output is { IsOver: true };

    /// <exception cref="Exception">Whatever went wrong; nothing is left of it.</exception>
    public static async Task<McpConnection> OpenAsync(McpServerSettings settings, Func<string, string?> variable, Action toolsChanged, CancellationToken cancellationToken)
    {
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "agentworkflows", Version = typeof(McpConnection).Assembly.GetName().Version?.ToString(3) ?? "0" },
            InitializationTimeout = settings.Timeout,
            Handlers = new McpClientHandlers
            {
                NotificationHandlers =
                [
                    new(NotificationMethods.ToolListChangedNotification, (_, _) =>
                    {
                        toolsChanged();
                        return ValueTask.CompletedTask;
                    }),
                ],
            },
        };
        return settings.Command is { } command
            ? await StartAsync(command, settings, variable, options, cancellationToken)
            : await ReachAsync(settings, variable, options, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        // First the program: a server that hangs would hold up a polite end.
        _process?.Dispose();
        try
        {
            await Client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));
        }
#pragma warning disable CA1031 // It ends, whatever the other side makes of that.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        if (_transport is not null)
        {
            await _transport.DisposeAsync();
        }
    }

    /// <summary>What the program said last, for people.</summary>
    public string LastWords => _process?.LastWords ?? "";

    private static async Task<McpConnection> StartAsync(
        string command, McpServerSettings settings, Func<string, string?> variable, McpClientOptions options, CancellationToken cancellationToken)
    {
        var process = ServerProcess.Start(
            command, [.. settings.Arguments.Select(argument => EnvironmentText.Expand(argument, variable))],
            settings.Environment.ToDictionary(pair => pair.Key, pair => EnvironmentText.Expand(pair.Value, variable)));
        try
        {
            var output = new BoundedStream(process.Output, MaxMessageBytes, endsAtLines: true);
            var client = await McpClient.CreateAsync(new StreamClientTransport(process.Input, output), options, NullLoggerFactory.Instance, cancellationToken);
            return new McpConnection(client, process, null, output);
        }
        catch (Exception exception) when (process.LastWords is { Length: > 0 } words && !cancellationToken.IsCancellationRequested)
        {
            process.Dispose();
            throw new IOException($"{exception.Message} It said: {words}", exception);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private static async Task<McpConnection> ReachAsync(McpServerSettings settings, Func<string, string?> variable, McpClientOptions options, CancellationToken cancellationToken)
    {
        // Streams of events stay open; calls have the time limit of their contract.
        var http = new HttpClient(new BoundedResponses(MaxMessageBytes)) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxMessageBytes };
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri(settings.Url!),
                TransportMode = HttpTransportMode.StreamableHttp,
                ConnectionTimeout = settings.Timeout,
                MaxReconnectionAttempts = 1,
                AdditionalHeaders = settings.Headers.ToDictionary(pair => pair.Key, pair => EnvironmentText.Expand(pair.Value, variable)),
            },
            http, NullLoggerFactory.Instance, ownsHttpClient: true);
        try
        {
            return new McpConnection(await McpClient.CreateAsync(transport, options, NullLoggerFactory.Instance, cancellationToken), null, transport, null);
        }
        catch
        {
            await transport.DisposeAsync();
            throw;
        }
    }
}
