using SQLitePCL;

namespace AgentWorkflows.Engine.Storage;

/// <summary>A prepared statement: bind from 1, step, read columns from 0. <see cref="Reset"/> makes it ready for the next use.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    public SqliteStatement Bind(int index, long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, index, value), "bind");
        return this;
    }

    public SqliteStatement Bind(int index, long? value) => value is { } number ? Bind(index, number) : BindNull(index);

    public SqliteStatement Bind(int index, bool value) => Bind(index, value ? 1L : 0L);

    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null)
        {
            return BindNull(index);
        }
        database.Check(raw.sqlite3_bind_text(handle, index, value), "bind");
        return this;
    }

    public SqliteStatement BindText(int index, ReadOnlyMemory<byte>? utf8)
    {
        if (utf8 is null)
        {
            return BindNull(index);
        }
        database.Check(raw.sqlite3_bind_text(handle, index, utf8.Value.Span), "bind");
        return this;
    }

    public SqliteStatement BindBlob(int index, ReadOnlySpan<byte> value)
    {
        database.Check(raw.sqlite3_bind_blob(handle, index, value), "bind");
        return this;
    }

    public SqliteStatement BindNull(int index)
    {
        database.Check(raw.sqlite3_bind_null(handle, index), "bind");
        return this;
    }

    /// <returns>True when there is a row to read.</returns>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            raw.sqlite3_reset(handle);
            database.Check(result, raw.sqlite3_sql(handle).utf8_to_string());
        }
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    public long? OptionalLong(int column) => IsNull(column) ? null : Long(column);

    public bool Bool(int column) => Long(column) != 0;

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public string? OptionalText(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public void Dispose() => handle.Dispose();
}
