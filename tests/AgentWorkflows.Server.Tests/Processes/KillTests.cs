using System.Text.Json;
using Xunit;

namespace AgentWorkflows.Server.Tests.Processes;

/// <summary><c>kill -9</c> of the real program at the worst moments. After a restart the session ends as if nothing had happened.</summary>
public sealed class KillTests : IDisposable
{
    private const string Goal = "Refund order 1042, it arrived broken, and tell the customer";
    private const string Delay = "AGENTWORKFLOWS_ORDER_DESK_DELAY";
    private const string Fail = "AGENTWORKFLOWS_ORDER_DESK_FAIL";
    private const int Timeout = 120_000;

    private readonly string _data = Directory.CreateTempSubdirectory("agentworkflows-kill-").FullName;
    private readonly OrderDeskFile _orders;

    public KillTests() => _orders = new OrderDeskFile(_data);

    [Fact(Timeout = Timeout)]
    public async Task While_a_tool_runs_the_refund_is_made_once()
    {
        // The tool has made its effect and has not answered yet: the worst moment.
        await using (var server = await ServerProcess.StartAsync(_data, $"{Delay}=issue_refund=60000"))
        {
            await server.StartSessionAsync("s-1", Goal);
            await server.ApproveAsync("s-1", "issue_refund");
            await server.UntilAsync("the refund is in the database", () => Task.FromResult(_orders.Effects("issue_refund") == 1));
            await server.KillAsync();
        }
        await using var again = await ServerProcess.StartAsync(_data);
        await again.ApproveAsync("s-1", "send_message");

        var session = await again.EndOfAsync("s-1", "Completed");

        Assert.Contains("1042", session.GetProperty("answer").GetString(), StringComparison.Ordinal);
        AssertRefundedOnce();
        await AssertLedgerAsync(again, inDoubt: 1);
    }

    [Fact(Timeout = Timeout)]
    public async Task While_an_approval_waits_it_still_waits_and_can_be_decided()
    {
        await using (var server = await ServerProcess.StartAsync(_data))
        {
            await server.StartSessionAsync("s-1", Goal);
            await server.EndOfAsync("s-1", "AwaitingApproval");
            await server.KillAsync();
        }
        await using var again = await ServerProcess.StartAsync(_data);
        await again.ApproveAsync("s-1", "issue_refund");
        await again.ApproveAsync("s-1", "send_message");

        await again.EndOfAsync("s-1", "Completed");

        AssertRefundedOnce();
        await AssertLedgerAsync(again, inDoubt: 0);
    }

    [Fact(Timeout = Timeout)]
    public async Task While_a_compensation_runs_the_refund_is_taken_back_once()
    {
        string before;
        await using (var server = await ServerProcess.StartAsync(_data, $"{Delay}=reverse_refund=60000", $"{Fail}=send_message"))
        {
            await server.StartSessionAsync("s-1", Goal);
            await server.EndOfAsync("s-1", "AwaitingApproval");
            before = _orders.Dump();
            await server.ApproveAsync("s-1", "issue_refund");
            await server.ApproveAsync("s-1", "send_message");
            await server.UntilAsync("the refund is reversed", () => Task.FromResult(_orders.Effects("reverse_refund") == 1));
            await server.KillAsync();
        }
        await using var again = await ServerProcess.StartAsync(_data, $"{Fail}=send_message");

        var session = await again.EndOfAsync("s-1", "RolledBack");

        Assert.Equal(before, _orders.Dump());
        Assert.Equal(1, _orders.Effects("issue_refund"));
        Assert.Equal(1, _orders.Effects("reverse_refund"));
        var compensations = session.GetProperty("compensations").EnumerateArray().ToDictionary(
            compensation => compensation.GetProperty("tool").GetString()!, compensation => compensation.GetProperty("status").GetString());
        Assert.Equal("Done", compensations["issue_refund"]);
        Assert.Equal("NotNeeded", compensations["send_message"]);
    }

    [Fact(Timeout = Timeout)]
    public async Task Again_and_again_during_twenty_sessions_nothing_is_lost_and_nothing_is_doubled()
    {
        const int sessions = 20;
        var random = new Random(20_261_120);
        await using (var server = await ServerProcess.StartAsync(_data))
        {
            for (var i = 0; i < sessions; i++)
            {
                await server.StartSessionAsync($"s-{i}", $"Add a note to order {1042 + i} \"called back\"");
            }
            await server.KillAsync();
        }
        for (var kill = 0; kill < 5; kill++)
        {
            await using var server = await ServerProcess.StartAsync(_data);
            await Task.Delay(random.Next(0, 40));
            await server.KillAsync();
        }
        await using var last = await ServerProcess.StartAsync(_data);

        for (var i = 0; i < sessions; i++)
        {
            await last.EndOfAsync($"s-{i}", "Completed");
        }

        Assert.Equal(sessions, _orders.Number("SELECT count(*) FROM notes WHERE text = 'called back'"));
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private void AssertRefundedOnce()
    {
        Assert.Equal(1, _orders.Number("SELECT count(*) FROM payments WHERE order_id = 1042 AND kind = 'refund'"));
        Assert.Equal(1, _orders.Effects("issue_refund"));
        Assert.Equal(1, _orders.Effects("send_message"));
        Assert.Equal(1, _orders.Number("SELECT count(*) FROM messages WHERE order_id = 1042"));
    }

    /// <summary>Besides entries that say they are in doubt (a call cut off by the kill), each model and tool call has exactly one.</summary>
    private static async Task AssertLedgerAsync(ServerProcess server, int inDoubt)
    {
        var entries = (await server.GetAsync("api/sessions/s-1/ledger")).GetProperty("entries").EnumerateArray().ToList();
        bool InDoubt(JsonElement entry) => entry.TryGetProperty("inDoubt", out var flag) && flag.ValueKind == JsonValueKind.True;
        var sure = entries.Where(entry => !InDoubt(entry)).Select(entry => $"{entry.GetProperty("turn")}/{entry.GetProperty("purpose")}").ToList();
        Assert.Equal(inDoubt, entries.Count(InDoubt));
        Assert.Equal(sure.Distinct().Count(), sure.Count);
        Assert.Equal(4 + 3, sure.Count);
    }
}
