namespace AgentWorkflows.Server.Hosting;

/// <summary>The composition root.</summary>
internal static class Composition
{
    /// <summary>Everything, with the engine running.</summary>
    /// <exception cref="DataFolderInUseException">Another process owns the data folder.</exception>
    /// <exception cref="StartupException">The agents, the configuration or the data folder are not usable.</exception>
    internal static Task<ServerRuntime> OpenAsync(ServerOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{options}{time}{loggers}{cancellationToken}");

    /// <summary>The stores only; works while another process runs the engine.</summary>
    /// <exception cref="StartupException">There is no data in the folder, or it cannot be read.</exception>
    internal static Task<StoreRuntime> OpenStoresAsync(ServerOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{options}{time}{cancellationToken}");
}
