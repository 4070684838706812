using Microsoft.Data.Sqlite;
using Xunit;

namespace AgentWorkflows.Server.Tests.Samples.OrderDesk;

public sealed class OrderDeskCompensationTests : IDisposable
{
    private readonly OrderDeskFile _desk = new();

    public static TheoryData<string, string> Pairs => new()
    {
        { "issue_refund", "reverse_refund" },
        { "send_message", "retract_message" },
        { "draft_message", "delete_draft" },
        { "add_note", "delete_note" },
        { "cancel_order", "restore_order" },
    };

    public void Dispose() => _desk.Dispose();

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Pairs))]
    public async Task A_compensation_leaves_the_database_as_it_was(string action, string compensation)
    {
        var before = await DumpAsync();
        var done = await _desk.SucceedAsync(action, ArgumentsOf(action), "k");
        Assert.NotEqual(before, _desk.Dump());
        Assert.Equal(done.GetRawText(), (await _desk.SucceedAsync(action, ArgumentsOf(action), "k")).GetRawText());

        var undone = await _desk.SucceedAsync(compensation, new { action_key = "k" }, "undo");

        Assert.True(undone.GetProperty("undone").GetBoolean());
        Assert.Equal(before, _desk.Dump());
        Assert.Equal(undone.GetRawText(), (await _desk.SucceedAsync(compensation, new { action_key = "k" }, "undo")).GetRawText());
        Assert.False((await _desk.SucceedAsync(compensation, new { action_key = "k" }, "again")).GetProperty("undone").GetBoolean());
        Assert.Equal(done.GetRawText(), (await _desk.SucceedAsync(action, ArgumentsOf(action), "k")).GetRawText());
        Assert.Equal(before, _desk.Dump());
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Pairs))]
    public async Task A_compensation_of_an_action_that_never_ran_succeeds_and_keeps_it_from_running_late(string action, string compensation)
    {
        var before = await DumpAsync();

        Assert.False((await _desk.SucceedAsync(compensation, new { action_key = "k" }, "undo")).GetProperty("undone").GetBoolean());
        Assert.Contains("taken back before it ran", (await _desk.FailAsync(action, ArgumentsOf(action), "k")).Message, StringComparison.Ordinal);
        Assert.Equal(before, _desk.Dump());
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_refunds_of_one_order_can_be_taken_back_in_any_order()
    {
        var before = await DumpAsync();
        await _desk.SucceedAsync("issue_refund", new { order_id = 1042, amount = 5m, reason = "broken" }, "k1");
        await _desk.SucceedAsync("issue_refund", new { order_id = 1042, reason = "broken" }, "k2");

        await _desk.SucceedAsync("reverse_refund", new { action_key = "k1" }, "u1");
        Assert.Equal("partially_refunded\n", _desk.Dump("SELECT payment_status FROM orders WHERE id = 1042"));
        await _desk.SucceedAsync("reverse_refund", new { action_key = "k2" }, "u2");

        Assert.Equal(before, _desk.Dump());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_key_of_another_action_is_not_taken_back()
    {
        await _desk.SucceedAsync("add_note", ArgumentsOf("add_note"), "k");

        Assert.Contains("add_note", (await _desk.FailAsync("reverse_refund", new { action_key = "k" }, "undo")).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_audit_cannot_be_changed()
    {
        await _desk.SucceedAsync("add_note", ArgumentsOf("add_note"), "k");

        Assert.Throws<SqliteException>(() => _desk.Dump("DELETE FROM effects"));
        Assert.Throws<SqliteException>(() => _desk.Dump("UPDATE effects SET result = ''"));
    }

    private static object ArgumentsOf(string action) => action switch
    {
        "issue_refund" => new { order_id = 1042, reason = "broken" },
        "cancel_order" => new { order_id = 1016 },
        "add_note" => new { order_id = 1042, text = "fragile" },
        _ => new { order_id = 1042, subject = "s", body = "b" },
    };

    private async Task<string> DumpAsync()
    {
        await _desk.SucceedAsync("get_order", new { order_id = 1042 }, "read");
        return _desk.Dump();
    }
}
