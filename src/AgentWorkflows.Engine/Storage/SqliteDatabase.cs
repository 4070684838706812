using SQLitePCL;

namespace AgentWorkflows.Engine.Storage;

/// <summary>One connection and the statements prepared on it. Used by one thread at a time.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly string _path;

    static SqliteDatabase() => Batteries_V2.Init();

    public SqliteDatabase(string path)
    {
        _path = path;
        Create(path);
        var result = raw.sqlite3_open_v2(path, out _handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        try
        {
            Check(result, "open");
        }
        catch
        {
            _handle?.Dispose();
            throw;
        }
        raw.sqlite3_busy_timeout(_handle, 5000);
        raw.sqlite3_extended_result_codes(_handle, 1);
    }

    /// <summary>A new file is its owner's alone; SQLite gives the files beside it the same rights.</summary>
    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows() || Path.Exists(path) || !Path.IsPathFullyQualified(path))
        {
            return;
        }
        try
        {
            File.Open(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // SQLite says what is wrong, with what to do.
        }
    }

    public int Changes => raw.sqlite3_changes(_handle);

    public long LastInsertedKey => raw.sqlite3_last_insert_rowid(_handle);

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql), sql);

    /// <summary>The statement for this SQL, prepared once for the life of the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v2(_handle, sql, out var prepared), sql);
            _statements.Add(sql, statement = new SqliteStatement(this, prepared));
        }
        return statement;
    }

    public void Check(int result, string doing)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW)
        {
            return;
        }
        var message = _handle is null ? raw.sqlite3_errstr(result).utf8_to_string() : raw.sqlite3_errmsg(_handle).utf8_to_string();
        throw new EngineStorageException($"The database '{_path}' failed ({result}, {message}) at: {doing}.{StorageAdvice.For(result)}", result);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }
        raw.sqlite3_close_v2(_handle);
    }
}
