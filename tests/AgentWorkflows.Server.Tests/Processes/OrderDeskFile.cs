using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AgentWorkflows.Server.Tests.Processes;

/// <summary>The sample's database as a test looks at it, beside the program that writes it.</summary>
internal sealed class OrderDeskFile(string folder)
{
    private readonly string _connection = $"Data Source={Path.Combine(folder, "order-desk.db")};Pooling=False";

    /// <summary>Everything but the record of effects, as text.</summary>
    public string Dump(string? without = null)
    {
        using var connection = Open();
        var tables = Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'effects' ORDER BY name")
            .Where(table => table != without);
        return string.Join('\n', tables.SelectMany(table => Rows(connection, $"SELECT * FROM \"{table}\" ORDER BY 1, 2").Prepend(table)));
    }

    public IReadOnlyList<string> Lines(string sql)
    {
        using var connection = Open();
        return Rows(connection, sql);
    }

    public long Number(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public long Effects(string tool) => Number($"SELECT count(*) FROM effects WHERE tool = '{tool}' AND outcome = 'done'");

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }
        return rows;
    }
}
