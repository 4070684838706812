namespace AgentWorkflows.Server.Hosting;

/// <summary>A running product without HTTP: what <c>run</c> uses, and what <c>serve</c> puts an API on.</summary>
internal sealed class ServerHost : IAsyncDisposable
{
    private readonly ServerRuntime _runtime;
    private readonly IReadOnlyList<RepeatingTask> _maintenance;

    private ServerHost(ServerRuntime runtime, IReadOnlyList<RepeatingTask> maintenance)
    {
        _runtime = runtime;
        _maintenance = maintenance;
    }

    public ServerRuntime Runtime => _runtime;

    /// <param name="adjust">Replaces services before anything starts; for tests.</param>
    public static async Task<ServerHost> StartAsync(
        ServerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken, Action<IServiceCollection>? adjust = null)
    {
        var runtime = await Composition.OpenAsync(options, time, loggers, cancellationToken, adjust);
        return new ServerHost(runtime, Maintenance.Start(runtime.Services, time, loggers));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var task in _maintenance)
        {
            await task.DisposeAsync();
        }
        await _runtime.DisposeAsync();
    }
}
