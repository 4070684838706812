using System.Collections.Concurrent;

namespace AgentWorkflows.Engine.Storage;

/// <summary>Connections that read, one per reader at a time.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private readonly ConcurrentBag<SqliteDatabase> _idle = [];
    private int _reading;
    private int _disposed;

    public TResult Use<TArgument, TResult>(TArgument argument, Func<SqliteDatabase, TArgument, TResult> read)
    {
        Interlocked.Increment(ref _reading);
        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, typeof(EmbeddedEngine));
            return Read(argument, read);
        }
        finally
        {
            Interlocked.Decrement(ref _reading);
        }
    }

    /// <summary>Waits for the readers at work: a late one would open the file again, or make a new one where the folder is being deleted.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _disposed, 1);
        SpinWait.SpinUntil(() => Volatile.Read(ref _reading) == 0);
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private TResult Read<TArgument, TResult>(TArgument argument, Func<SqliteDatabase, TArgument, TResult> read)
    {
        if (!_idle.TryTake(out var reader))
        {
            reader = new SqliteDatabase(path);
            reader.Execute("PRAGMA query_only=1");
        }
        try
        {
            var result = read(reader, argument);
            _idle.Add(reader);
            return result;
        }
        catch
        {
            // After an error its statements may be half-way: it is not used again.
            reader.Dispose();
            throw;
        }
    }
}
