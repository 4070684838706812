using System.Text;
using System.Text.Json;
using AgentWorkflows.Tools;
using Microsoft.Data.Sqlite;
using OrderDesk;
using Xunit;

namespace AgentWorkflows.Server.Tests.Samples.OrderDesk;

/// <summary>A real order desk on a temporary file.</summary>
internal sealed class OrderDeskFile : IDisposable
{
    private static readonly string[] StateTables = ["customers", "orders", "order_items", "payments", "notes", "drafts", "messages"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("order-desk-");

    public OrderDeskFile(OrderDeskOptions? options = null) =>
        Tools = new ToolCatalog(OrderDeskTools.Create(DatabasePath, TimeProvider.System, options ?? new OrderDeskOptions()));

    public string DatabasePath => Path.Combine(_folder.FullName, "data", "order-desk.db");

    public ToolCatalog Tools { get; }

    public Task<ToolResult> CallAsync(string tool, object arguments, string key) =>
        Tools.Find(tool)!.ExecuteAsync(new ToolInvocation("s-1", tool, JsonSerializer.SerializeToElement(arguments), key), default);

    public async Task<JsonElement> SucceedAsync(string tool, object arguments, string key) =>
        Assert.IsType<ToolResult.Success>(await CallAsync(tool, arguments, key)).Value;

    public async Task<ToolResult.Failure> FailAsync(string tool, object arguments, string key) =>
        Assert.IsType<ToolResult.Failure>(await CallAsync(tool, arguments, key));

    /// <summary>Every row of every table but the audit.</summary>
    public string Dump() => string.Join('\n', StateTables.Select(table => $"{table}\n{Dump($"SELECT * FROM {table} ORDER BY 1, 2")}"));

    public string Dump(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var text = new StringBuilder();
        while (reader.Read())
        {
            text.AppendJoin('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)).Append('\n');
        }
        return text.ToString();
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
