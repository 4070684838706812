using Microsoft.Data.Sqlite;

namespace OrderDesk;

/// <summary>
/// The order desk's file, created and filled on first use. One connection per call; writes of this process wait for each other without holding a thread, those
/// of other processes through SQLite's lock. Thread-safe.
/// </summary>
internal sealed class OrderDeskDatabase(string path) : IDisposable
{
    private const int BusyTimeoutMilliseconds = 30_000;

    private readonly SemaphoreSlim _writer = new(1);
    private volatile bool _created;

    /// <summary>Sees one consistent state and takes no write lock.</summary>
    public async Task<T> ReadAsync<T>(Func<OrderDeskTransaction, T> read, CancellationToken cancellationToken)
    {
        await EnsureCreatedAsync(cancellationToken);
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        return read(new OrderDeskTransaction(connection, transaction));
    }

    /// <summary>Everything <paramref name="write"/> does is durable when this returns; nothing is when it throws.</summary>
    public async Task<T> WriteAsync<T>(Func<OrderDeskTransaction, T> write, CancellationToken cancellationToken)
    {
        await EnsureCreatedAsync(cancellationToken);
        await _writer.WaitAsync(cancellationToken);
        try
        {
            using var connection = Open();
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = write(new OrderDeskTransaction(connection, transaction));
            transaction.Commit();
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    public void Dispose() => _writer.Dispose();

    private async Task EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        if (_created)
        {
            return;
        }
        await _writer.WaitAsync(cancellationToken);
        try
        {
            if (!_created)
            {
                Create();
                _created = true;
            }
        }
        finally
        {
            _writer.Release();
        }
    }

    private void Create()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var connection = Open();
        connection.Run(null, "PRAGMA journal_mode = WAL");
        // The version is read inside the transaction: of two processes that start at once, one fills the file and the other finds it filled.
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = connection.Query(transaction, "PRAGMA user_version", row => row.GetInt32(0))[0];
        if (version > OrderDeskSchema.Version)
        {
            throw new InvalidOperationException(
                $"{path} was written by a newer version (format {version}; this one knows {OrderDeskSchema.Version}). Move the file away or update the program.");
        }
        if (version == 0)
        {
            connection.Run(transaction, OrderDeskSchema.Sql);
            OrderDeskSeed.Fill(connection, transaction);
            connection.Run(transaction, $"PRAGMA user_version = {OrderDeskSchema.Version}");
        }
        transaction.Commit();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString());
        try
        {
            connection.Open();
            // An effect that the session's history says was made must survive a power cut, hence FULL.
            connection.Run(null, $"PRAGMA busy_timeout = {BusyTimeoutMilliseconds}; PRAGMA synchronous = FULL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
