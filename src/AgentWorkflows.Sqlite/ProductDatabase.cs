using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Sqlite;

/// <summary>
/// The product's SQLite file. One writer owns its connection and commits everything that is waiting in one transaction (<c>synchronous=FULL</c>); a write's task
/// completes only after its commit. One that throws changes nothing and fails only its caller: what waited with it is then written again, each in a transaction of its
/// own. Reads see what is committed. Thread-safe.
/// </summary>
internal sealed class ProductDatabase : IAsyncDisposable, IDisposable
{
    private const int MaxWaiting = 4096;
    private const int MaxBatch = 256;
    private const int MaxIdleReaders = 8;
    private static readonly TimeSpan AlongPatience = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly SqlConnection _writer;
    private readonly Channel<DatabaseWrite> _waiting = Channel.CreateBounded<DatabaseWrite>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly ConcurrentQueue<DatabaseWrite> _along = new();
    private readonly Stack<SqlConnection> _idleReaders = new();
    private readonly AutoResetEvent _arrived = new(false);
    private readonly Timer _alongTimer;
    private int _alongDue;
    private readonly Task _loop;
    private int _sleeping;
    private int _reading;
    private bool _closed;
    private long _commits;

    private ProductDatabase(string path, SqlConnection writer)
    {
        _path = path;
        _writer = writer;
        _alongTimer = new Timer(_ =>
        {
            Interlocked.Exchange(ref _alongDue, 0);
            Wake();
        });
        _loop = Task.Factory.StartNew(WriteLoop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <exception cref="SqliteException">The file cannot be opened or is not a database.</exception>
    /// <exception cref="NewerDatabaseException">A newer version of the program wrote it.</exception>
    public static ProductDatabase Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        Create(path);
        var writer = new SqlConnection(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            writer.ExecuteScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;");
            Migrations.Apply(writer, path);
            return new ProductDatabase(path, writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Transactions since it was opened.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>A new file is its owner's alone; SQLite gives the files beside it the same rights.</summary>
    private static void Create(string path)
    {
        if (!OperatingSystem.IsWindows() && !Path.Exists(path))
        {
            File.Open(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }
    }

    /// <summary>Runs <paramref name="action"/> on the writer, again if one that was written with it throws. Durable when the task completes; waits when too much is waiting already.</summary>
    public async Task<T> WriteAsync<T>(Func<SqlConnection, T> action, CancellationToken cancellationToken)
    {
        var write = new DatabaseWrite<T>(action);
        await _waiting.Writer.WriteAsync(write, cancellationToken);
        Wake();
        return await write.Completion;
    }

    /// <summary>
    /// Runs <paramref name="action"/> in the transaction of the next write that comes, before it, or by itself soon if none comes. For what its writer follows with a
    /// write: when that one is durable, so is this.
    /// </summary>
    /// <param name="done">Called after the commit. Must not throw or wait.</param>
    public void WriteAlong<T>(Func<SqlConnection, T> action, Action<T> done)
    {
        ObjectDisposedException.ThrowIf(_waiting.Reader.Completion.IsCompleted, this);
        _along.Enqueue(new AlongWrite<T>(action, done));
        if (Interlocked.Exchange(ref _alongDue, 1) == 0)
        {
            _alongTimer.Change(AlongPatience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What SQLite finds wrong with the file first; <c>null</c> when nothing is. Reads the whole file.</summary>
    public string? QuickCheck() => Read(db => db.QuerySingle("PRAGMA quick_check(1)", reader => reader.GetString(0))) is { } found && found != "ok" ? found : null;

    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public T Read<T>(Func<SqlConnection, T> action)
    {
        var idle = EnterReader();
        try
        {
            var reader = idle ?? new SqlConnection(_path, SqliteOpenMode.ReadWrite);
            try
            {
                return action(reader);
            }
            finally
            {
                GiveBack(reader);
            }
        }
        finally
        {
            LeaveReader();
        }
    }

    /// <summary>Commits what waits, and waits for readers at work: afterwards nothing of this process touches the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        Wake();
        await _loop;
        await _alongTimer.DisposeAsync();
        Close();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    /// <remarks>Holds the caller: for containers that are not disposed of asynchronously.</remarks>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        Wake();
        // A thread of its own, which waits for nobody.
        _loop.GetAwaiter().GetResult();
        _alongTimer.Dispose();
        Close();
    }

    private void Close()
    {
        _arrived.Dispose();
        _writer.Dispose();
        lock (_idleReaders)
        {
            _closed = true;
            while (_reading > 0)
            {
                Monitor.Wait(_idleReaders);
            }
            while (_idleReaders.TryPop(out var reader))
            {
                reader.Dispose();
            }
        }
    }

    private SqlConnection? EnterReader()
    {
        lock (_idleReaders)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _reading++;
            return _idleReaders.TryPop(out var idle) ? idle : null;
        }
    }

    private void LeaveReader()
    {
        lock (_idleReaders)
        {
            _reading--;
            Monitor.PulseAll(_idleReaders);
        }
    }

    private void GiveBack(SqlConnection reader)
    {
        lock (_idleReaders)
        {
            if (!_closed && _idleReaders.Count < MaxIdleReaders)
            {
                _idleReaders.Push(reader);
                return;
            }
        }
        reader.Dispose();
    }

    private void WriteLoop()
    {
        var batch = new List<DatabaseWrite>(MaxBatch);
        while (true)
        {
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }
            // After the look at what waits: what was to go along with one of those is here by now.
            for (var first = 0; _along.TryDequeue(out var along); first++)
            {
                batch.Insert(first, along);
            }
            if (batch.Count > 0)
            {
                Commit(batch);
                batch.Clear();
            }
            else if (_waiting.Reader.Completion.IsCompleted)
            {
                return;
            }
            else
            {
                Sleep();
            }
        }
    }

    /// <summary>Without a spin: what comes next is a step's next write, some hundred microseconds away. Whoever wrote between the last look and this is seen by the second look.</summary>
    private void Sleep()
    {
        Interlocked.Exchange(ref _sleeping, 1);
        if (_waiting.Reader.TryPeek(out _) || _waiting.Reader.Completion.IsCompleted)
        {
            Interlocked.Exchange(ref _sleeping, 0);
            return;
        }
        _arrived.WaitOne();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _sleeping, 0) == 1)
        {
            _arrived.Set();
        }
    }

    private void Commit(List<DatabaseWrite> batch)
    {
        DatabaseWrite? running = null;
        try
        {
            _writer.Execute("BEGIN IMMEDIATE");
            foreach (var write in batch)
            {
                running = write;
                write.Run(_writer);
            }
            running = null;
            _writer.Execute("COMMIT");
            Interlocked.Increment(ref _commits);
        }
#pragma warning disable CA1031 // Whoever it concerns is told; the loop goes on for later writes.
        catch (Exception e)
#pragma warning restore CA1031
        {
            TryRollback();
            if (running is null || batch.Count == 1)
            {
                batch.ForEach(write => write.Fail(e));
                return;
            }
            // A savepoint around each write would spare the others this, at two statements for every write that does not throw.
            batch.ForEach(write => Commit([write]));
            return;
        }
        batch.ForEach(write => write.Complete());
    }

    private void TryRollback()
    {
        try
        {
            _writer.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, or the transaction never began.
        }
    }
}
