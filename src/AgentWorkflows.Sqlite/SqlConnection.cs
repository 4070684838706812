using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Sqlite;

/// <summary>One connection with its prepared statements. Parameters are <c>$1</c>, <c>$2</c>, … in order. Not thread-safe: whoever holds it owns it.</summary>
internal sealed class SqlConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    public SqlConnection(string path, SqliteOpenMode mode)
    {
        var options = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false };
        _connection = new SqliteConnection(options.ConnectionString);
        _connection.Open();
        Execute("PRAGMA busy_timeout = 10000");
    }

    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Bind(sql, arguments).ExecuteNonQuery();

    /// <summary>Several statements without parameters, such as a migration.</summary>
    public void ExecuteScript(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public T? QuerySingle<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }
        _connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = _connection.CreateCommand();
            statement.CommandText = sql;
            for (var i = 1; i <= arguments.Length; i++)
            {
                statement.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            }
            _statements.Add(sql, statement);
        }
        for (var i = 0; i < arguments.Length; i++)
        {
            statement.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        }
        return statement;
    }
}
