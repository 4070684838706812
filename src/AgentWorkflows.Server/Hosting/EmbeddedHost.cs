using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine;
using AgentWorkflows.Hosting;
using AgentWorkflows.Sqlite;
using AgentWorkflows.Tools.Sources;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Server.Hosting;

/// <summary>
/// The engine and the maintenance of an embedded host: they run from start to stop. Maintenance stops first, then the engine drains, and only then may the stores close.
/// </summary>
internal sealed class EmbeddedHost : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private readonly IServiceProvider _services;
    private readonly DataFolder _data;
    private EmbeddedEngine? _engine;
    private MaintenanceLoop? _maintenance;
    private IDisposable? _telemetry;

    /// <param name="database">Not used here, but made before this and so closed after it.</param>
    public EmbeddedHost(IServiceProvider services, DataFolder data, ProductDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        (_services, _data) = (services, data);
    }

    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public EmbeddedEngine Engine => _engine ?? throw new InvalidOperationException("The engine is not open: start the host first.");

    public bool IsRunning => _engine is not null;

    /// <exception cref="DataFolderInUseException">Another process runs an engine on the folder.</exception>
    /// <exception cref="StartupException">The folder, or what the environment says of telemetry, is not usable.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        _maintenance = _services.GetRequiredService<MaintenanceLoop>();
        _maintenance.Start();
    }

    /// <summary>The engine alone: nothing happens but what is asked for.</summary>
    internal async Task OpenAsync(CancellationToken cancellationToken, bool telemetry = true)
    {
        // Made or read now: a server whose links cannot be signed is told at its start, not when the first person waits for one.
        _services.GetRequiredService<ApprovalKeyRing>();
        // Before anything runs: sessions that go on where a process before this one stopped are measured too.
        _telemetry = telemetry ? TelemetrySettings.StartExport(Environment.GetEnvironmentVariable) : null;
        // Sessions that go on where a process before this one stopped need their tools too.
        await _services.GetRequiredService<ToolSources>().ConnectAsync(cancellationToken);
        try
        {
            _engine = await EmbeddedEngine.OpenAsync(
                new EngineOptions { DatabasePath = Path.Combine(_data.Create(), DataFolder.EngineFile) }, new DurableRegistry().AddAgentWorkflows(), _services,
                _services.GetRequiredService<TimeProvider>(), _services.GetRequiredService<ILoggerFactory>(), cancellationToken);
        }
        catch (DatabaseInUseException e)
        {
            throw new DataFolderInUseException(e.Message, e);
        }
    }

    /// <summary>Streams of changes end now: they would hold up the web server, which waits for its requests.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _services.GetRequiredService<LiveFeed>().Close();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _maintenance, null) is { } maintenance)
        {
            await maintenance.DisposeAsync();
        }
        if (_engine is { } engine)
        {
            await engine.DisposeAsync();
        }
        Interlocked.Exchange(ref _telemetry, null)?.Dispose();
    }

    /// <summary>For containers that are not disposed of asynchronously. Not on the caller's context, which waits here.</summary>
    public void Dispose() => Task.Run(async () => await DisposeAsync()).GetAwaiter().GetResult();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The address for links, where none is configured: a port of 0 was given only now.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = _services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses;
        if (_services.GetRequiredService<IOptions<ApprovalLinkSettings>>().Value.PublicUrl is null && addresses is { Count: > 0 })
        {
            _services.GetRequiredService<ApprovalLinkOptions>().PublicUrl = Binding.PublicUrlOf(addresses.First(), _services.GetRequiredService<IOptions<WebSettings>>().Value.PathBase);
        }
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
