using System.Collections.Concurrent;

namespace AgentWorkflows.Engine.Storage;

/// <summary>Connections that read, one per reader at a time.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private readonly ConcurrentBag<SqliteDatabase> _idle = [];
    private volatile bool _disposed;

    public TResult Use<TArgument, TResult>(TArgument argument, Func<SqliteDatabase, TArgument, TResult> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(EmbeddedEngine));
        if (!_idle.TryTake(out var reader))
        {
            reader = new SqliteDatabase(path);
            reader.Execute("PRAGMA query_only=1");
        }
        try
        {
            var result = read(reader, argument);
            _idle.Add(reader);
            if (_disposed)
            {
                Dispose();
            }
            return result;
        }
        catch
        {
            // After an error its statements may be half-way: it is not used again.
            reader.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }
}
