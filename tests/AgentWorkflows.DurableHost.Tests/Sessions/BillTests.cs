using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AgentWorkflows.Azure.Tests;
using AgentWorkflows.Conformance;
using AgentWorkflows.DurableHost.Tests.Apps;
using Azure.Data.Tables;
using Xunit;
using Xunit.Abstractions;

namespace AgentWorkflows.DurableHost.Tests.Sessions;

/// <summary>
/// What a session leaves and asks of the storage account, as the service counts it; on an emulator of its own, so that nothing else is
/// counted.
/// </summary>
public sealed partial class BillTests(ITestOutputHelper output)
{
    private static readonly string[] OfHost = ["Partitions", "-leases", "azure-webjobs", "comp=metadata"];

    [Fact(Timeout = Killing.Hang)]
    public async Task A_session_of_three_turns_with_an_approval_leaves_little_and_asks_for_little()
    {
        using var storage = await Azurite.StartOwnAsync();
        var lines = new ConcurrentQueue<string>();
        storage.Answered += lines.Enqueue;
        await using var webhook = await Webhook.StartAsync();
        var app = await HostedApp.CreateAsync(webhook, storage);
        await using var host = await AppHost.StartAsync(app);
        using var api = new SessionsOverHttp(() => host.Address);
        // The first session creates tables and warms what is cached.
        await CompleteAsync(api, "first");
        lines.Clear();
        var id = await CompleteAsync(api, "counted");
        var asked = lines.Select(KindOf).OfType<string>().CountBy(kind => kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).ToList();

        // The session is over when its last step has said so; its orchestration ends a turn later.
        var (rows, bytes) = await EngineRun.EventuallyAsync(() => HistoryAsync(app, id), history => history.Kinds.Contains("ExecutionCompleted"));
        output.WriteLine($"history: {rows.Count} rows, {bytes} bytes as billed");
        foreach (var (kind, count) in rows.CountBy(kind => kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"  {count,4} {kind}");
        }
        output.WriteLine($"requests: {asked.Sum(kind => kind.Value)}");
        foreach (var (kind, count) in asked)
        {
            output.WriteLine($"  {count,4} {kind}");
        }

        // How many turns of the engine there are depends on what arrives together; what is scheduled does not.
        Assert.Equal(rows.Count(kind => kind == "TaskScheduled"), rows.Count(kind => kind == "TaskCompleted"));
        Assert.InRange(rows.Count, 40, 80);
        Assert.InRange(bytes, 20_000, 60_000);
        Assert.InRange(asked.Sum(kind => kind.Value), 100, 600);
    }

    private static async Task<string> CompleteAsync(SessionsOverHttp api, string topic)
    {
        var id = await api.StartAsync(topic, "the soup is hot");
        await api.ApproveAsync(id);
        Assert.Equal("Completed", (await api.EndAsync(id)).GetProperty("status").GetString());
        return id;
    }

    /// <returns>The kind of each row, and what all of them weigh by the service's formula.</returns>
    private static async Task<(List<string> Kinds, long Bytes)> HistoryAsync(HostedApp app, string id)
    {
        var kinds = new List<string>();
        var bytes = 0L;
        var history = new TableServiceClient(app.Connection).GetTableClient(app.Hub + "History");
        await foreach (var row in history.QueryAsync<TableEntity>(row => row.PartitionKey == id))
        {
            kinds.Add(row.TryGetValue("EventType", out var kind) ? (string)kind : "(end mark)");
            bytes += 4 + 2 * (row.PartitionKey.Length + row.RowKey.Length)
                + row.Where(property => IsStored(property.Key)).Sum(property => 8 + 2 * property.Key.Length + SizeOf(property.Value));
        }
        return (kinds, bytes);
    }

    private static bool IsStored(string property) => property is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag");

    private static int SizeOf(object? value) => value switch
    {
        string text => 4 + 2 * text.Length,
        byte[] binary => 4 + binary.Length,
        int => 4,
        bool => 1,
        Guid => 16,
        null => 0,
        _ => 8,
    };

    /// <summary>
    /// Which service is asked for what. Looking for messages goes on whether there are sessions or not, and so do leases: that is the
    /// host's bill, not the session's. Of reads only those of the history are counted, because this test reads the rest while it waits.
    /// </summary>
    private static string? KindOf(string line)
    {
        if (Request().Match(line) is not { Success: true } request)
        {
            return null;
        }
        var (method, path) = (request.Groups["method"].Value, request.Groups["path"].Value);
        if (OfHost.Any(part => path.Contains(part, StringComparison.Ordinal)))
        {
            return null;
        }
        if (path.Contains("/messages", StringComparison.Ordinal))
        {
            return method == "GET" ? null : $"queue {Queue(path)}: {method}";
        }
        var table = Table().Match(path).Groups["name"].Value;
        return method == "GET" && table != "History" ? null : $"table {table}: {method}";
    }

    private static string Queue(string path) => path.Contains("-workitems", StringComparison.Ordinal) ? "work items" : "control";

    [GeneratedRegex("\"(?<method>[A-Z]+) (?<path>\\S+) HTTP")]
    private static partial Regex Request();

    [GeneratedRegex("/devstoreaccount1/(?:Host[0-9a-f]{16})?(?<name>\\$?[A-Za-z]+)")]
    private static partial Regex Table();
}
