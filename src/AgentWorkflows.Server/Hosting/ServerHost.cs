namespace AgentWorkflows.Server.Hosting;

/// <summary>A running product without HTTP: what <c>run</c> uses, and what <c>serve</c> puts an API on.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private readonly ServerRuntime _runtime;
    private readonly IReadOnlyList<RepeatingTask> _maintenance;
    private readonly IDisposable? _telemetry;

    private ServerHost(ServerRuntime runtime, IReadOnlyList<RepeatingTask> maintenance, IDisposable? telemetry)
    {
        _runtime = runtime;
        _maintenance = maintenance;
        _telemetry = telemetry;
    }

    public ServerRuntime Runtime => _runtime;

    /// <param name="adjust">Replaces services before anything starts; for tests.</param>
    public static async Task<ServerHost> StartAsync(
        ServerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken, Action<IServiceCollection>? adjust = null)
    {
        // Before anything runs: sessions that go on where a process before this one stopped are measured too.
        var telemetry = TelemetrySettings.StartExport(Environment.GetEnvironmentVariable);
        try
        {
            var runtime = await Composition.OpenAsync(options, time, loggers, cancellationToken, adjust);
            return new ServerHost(runtime, Maintenance.Start(runtime.Services, time, loggers), telemetry);
        }
        catch
        {
            telemetry?.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var task in _maintenance)
        {
            await task.DisposeAsync();
        }
        await _runtime.DisposeAsync();
        _telemetry?.Dispose();
    }
}
