using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Dispatch;
using AgentWorkflows.Engine.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentWorkflows.Engine;

/// <summary>
/// A durable engine in this process, on one SQLite file that no other process may open. Thread-safe. What a call has answered is on stable storage.
/// </summary>
public sealed partial class EmbeddedEngine : IOrchestrationClient, IAsyncDisposable
{
    private readonly EngineOptions _options;
    private readonly EngineCore _core;
    private readonly IInstanceStore _store;
    private readonly IDisposable? _lock;
    private int _disposed;

    private EmbeddedEngine(EngineOptions options, EngineCore core, IInstanceStore store, IDisposable? databaseLock)
    {
        _options = options;
        _core = core;
        _store = store;
        _lock = databaseLock;
    }

    public EngineStatistics Statistics => new(
        _core.Instances.Live, _core.Replays, _core.Turns, _core.Writer.Commits, _core.Writer.Operations,
        _core.Activities.Attempts, _core.Activities.Running, _core.Activities.Waiting);

    /// <summary>True when the instance is in memory and may be put out at any time.</summary>
    internal bool IsParked(string instanceId) => _core.Instances.IsParked(instanceId);

    /// <summary>Opens the database, creating or migrating it, and goes on with what the last process left.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="DatabaseInUseException">Another engine has the database.</exception>
    /// <exception cref="DatabaseVersionException">A newer version wrote the database.</exception>
    /// <exception cref="EngineStorageException">The database cannot be opened.</exception>
    public static Task<EmbeddedEngine> OpenAsync(
        EngineOptions options, DurableRegistry registry, IServiceProvider services,
        TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(services);
        options.Validate();
        var time = timeProvider ?? TimeProvider.System;
        var path = Path.GetFullPath(options.DatabasePath);
        return Task.Run(
            () =>
            {
                var databaseLock = TakeLock(path, time.GetUtcNow());
                try
                {
                    return Open(options with { DatabasePath = path }, new SqliteStore(path), databaseLock, registry, services, time, loggerFactory);
                }
                catch
                {
                    databaseLock.Dispose();
                    throw;
                }
            },
            ct);
    }

    private static DatabaseLock TakeLock(string path, DateTimeOffset now)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return DatabaseLock.Take(path, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineStorageException($"The database '{path}' cannot be opened: {e.Message}{StorageAdvice.For(SQLitePCL.raw.SQLITE_CANTOPEN)}", SQLitePCL.raw.SQLITE_CANTOPEN, e);
        }
    }

    /// <summary>Opens on a given store, which the engine owns from then on.</summary>
    internal static EmbeddedEngine Open(
        EngineOptions options, IInstanceStore store, IDisposable? databaseLock, DurableRegistry registry, IServiceProvider services,
        TimeProvider time, ILoggerFactory? loggers)
    {
        var core = new EngineCore(options, store, registry, services, time, loggers ?? NullLoggerFactory.Instance);
        var engine = new EmbeddedEngine(options, core, store, databaseLock);
        core.Logger.Opened(options.DatabasePath);
        core.Instances.LoadBusy();
        core.Timers.Start();
        return engine;
    }

    /// <summary>
    /// Takes no more work, cancels running activities and waits for them up to <see cref="EngineOptions.StopTimeout"/>, writes what waits, and gives the
    /// database free. Cancelled activities are not failed: they run again when the database is opened next.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        _core.Timers.Dispose();
        _core.Instances.Dispose();
        await _core.Activities.StopAsync(_options.StopTimeout, _core.Time);
        _core.IsStopped = true;
        _core.Writer.Dispose();
        _core.Instances.Abandon();
        _core.Waiters.Close();
        _store.Dispose();
        _lock?.Dispose();
        _core.Activities.Dispose();
        _core.Logger.Closed(_options.DatabasePath);
    }

    private async Task<TOperation> WriteAsync<TOperation>(TOperation operation, Action<TOperation> committed, CancellationToken cancellationToken)
        where TOperation : StoreOperation
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        var request = new ClientRequest<TOperation>(operation, committed);
        _core.Writer.Enqueue(request);
        return await request.Done.WaitAsync(cancellationToken);
    }
}
