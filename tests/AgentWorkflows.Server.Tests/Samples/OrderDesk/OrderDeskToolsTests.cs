using AgentWorkflows.Tools;
using OrderDesk;
using Xunit;

namespace AgentWorkflows.Server.Tests.Samples.OrderDesk;

public sealed class OrderDeskToolsTests : IDisposable
{
    private readonly OrderDeskFile _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task The_first_call_creates_the_same_200_orders_everywhere()
    {
        using var other = new OrderDeskFile();
        var order = await _desk.SucceedAsync("get_order", new { order_id = 1042 }, "k");
        await other.SucceedAsync("search_orders", new { }, "k");

        Assert.Equal(("delivered", "paid"), (order.GetProperty("status").GetString(), order.GetProperty("payment_status").GetString()));
        Assert.NotEqual(0, order.GetProperty("items").GetArrayLength());
        Assert.Equal("200|1001|1200\n", _desk.Dump("SELECT count(*), min(id), max(id) FROM orders"));
        Assert.Equal("cancelled|unpaid|10\ndelivered|paid|150\ndelivered|refunded|10\nplaced|paid|10\nplaced|unpaid|10\nshipped|paid|10\n",
            _desk.Dump("SELECT status, payment_status, count(*) FROM orders GROUP BY 1, 2 ORDER BY 1, 2"));
        Assert.Equal("0\n", _desk.Dump("SELECT count(*) FROM orders o WHERE total_cents <> (SELECT sum(quantity * unit_price_cents) FROM order_items WHERE order_id = o.id)"));
        Assert.Equal(_desk.Dump(), other.Dump());
    }

    [Fact(Timeout = 60_000)]
    public async Task Search_FindsByCustomerAndState_AndTakesTextLiterally()
    {
        var byName = await _desk.SucceedAsync("search_orders", new { customer = "ada", limit = 3 }, "k");
        var unpaid = await _desk.SucceedAsync("search_orders", new { payment_status = "unpaid", status = "placed" }, "k");
        var fragment = await _desk.SucceedAsync("search_orders", new { customer = "%' OR 1=1 --" }, "k");

        Assert.All(byName.GetProperty("orders").EnumerateArray(), order => Assert.Contains("Ada", order.GetProperty("customer").GetProperty("name").GetString()));
        Assert.True(byName.GetProperty("more").GetBoolean());
        Assert.Equal(10, unpaid.GetProperty("count").GetInt32());
        Assert.Equal(0, fragment.GetProperty("count").GetInt32());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_partial_refund_and_then_the_rest_refund_the_order()
    {
        var first = await _desk.SucceedAsync("issue_refund", new { order_id = 1042, amount = 1.50m, reason = "broken" }, "k1");
        var second = await _desk.SucceedAsync("issue_refund", new { order_id = 1042, reason = "broken" }, "k2");
        var order = await _desk.SucceedAsync("get_order", new { order_id = 1042 }, "k3");

        Assert.Equal("partially_refunded", first.GetProperty("payment_status").GetString());
        Assert.Equal("1.50", first.GetProperty("amount").GetRawText());
        Assert.Equal("refunded", second.GetProperty("payment_status").GetString());
        Assert.Equal(order.GetProperty("total").GetDecimal(), order.GetProperty("refunded").GetDecimal());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1005, null, "Order 1005 was never paid")]
    [InlineData(1013, null, "Order 1013 has been refunded in full already")]
    [InlineData(1042, "100000", "is more than the")]
    [InlineData(1042, "0.001", "is not an amount of money")]
    [InlineData(9999, null, "There is no order 9999.")]
    public async Task A_refund_against_the_rules_changes_nothing_and_says_what_to_do(int order, string? amount, string message)
    {
        await _desk.SucceedAsync("get_order", new { order_id = 1042 }, "k");
        var before = _desk.Dump();
        var given = amount is null ? (decimal?)null : decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
        var failure = await _desk.FailAsync("issue_refund", new { order_id = order, amount = given, reason = "broken" }, "k");

        Assert.Equal(ToolFailureKind.Permanent, failure.Kind);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Suggestion);
        Assert.Equal(before, _desk.Dump());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_delivered_order_is_not_cancelled() =>
        Assert.Contains("is delivered", (await _desk.FailAsync("cancel_order", new { order_id = 1042 }, "k")).Message, StringComparison.Ordinal);

    [Fact(Timeout = 60_000)]
    public async Task A_key_of_another_tool_is_refused()
    {
        await _desk.SucceedAsync("add_note", new { order_id = 1042, text = "n" }, "k");

        Assert.Contains("add_note", (await _desk.FailAsync("issue_refund", new { order_id = 1042, reason = "broken" }, "k")).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Fifty_concurrent_calls_with_one_key_make_one_refund()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            Task.Run(() => _desk.SucceedAsync("issue_refund", new { order_id = 1042, amount = 1m, reason = "broken" }, "k"))));

        Assert.Single(results.Select(result => result.GetRawText()).Distinct());
        Assert.Equal("1|100\n", _desk.Dump("SELECT count(*), sum(amount_cents) FROM payments WHERE order_id = 1042 AND kind = 'refund'"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Fifty_concurrent_calls_with_keys_of_their_own_never_refund_more_than_was_paid()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Task.Run(() => _desk.CallAsync("issue_refund", new { order_id = 1042, reason = "broken" }, $"k{i}"))));

        Assert.Single(results.OfType<ToolResult.Success>());
        Assert.Equal("1\n", _desk.Dump("SELECT count(*) FROM effects"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Two_programs_on_one_file_wait_for_each_other()
    {
        var other = new ToolCatalog(OrderDeskTools.Create(_desk.DatabasePath, TimeProvider.System, new OrderDeskOptions()));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var tool = (i % 2 == 0 ? _desk.Tools : other).Find("add_note")!;
            var arguments = System.Text.Json.JsonSerializer.SerializeToElement(new { order_id = 1042, text = "n" });
            Assert.IsType<ToolResult.Success>(await tool.ExecuteAsync(new ToolInvocation("s", "add_note", arguments, $"k{i}"), default));
        })));

        Assert.Equal("40\n", _desk.Dump("SELECT count(*) FROM notes"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_injected_failure_changes_nothing()
    {
        using var desk = new OrderDeskFile(OrderDeskOptions.FromEnvironment(name => name == OrderDeskOptions.FailVariable ? "send_message" : null));
        await desk.SucceedAsync("get_order", new { order_id = 1042 }, "k");
        var before = desk.Dump();

        Assert.False((await desk.FailAsync("send_message", new { order_id = 1042, subject = "s", body = "b" }, "k")).RetrySafe);
        Assert.Equal(before, desk.Dump());
    }

    [Theory]
    [InlineData("issue_refund=fast")]
    [InlineData("issue_refund")]
    [InlineData("no_such_tool=10")]
    public void A_malformed_fault_is_refused_at_start(string delay) =>
        Assert.Throws<FormatException>(() => OrderDeskTools.Create(
            _desk.DatabasePath, TimeProvider.System, OrderDeskOptions.FromEnvironment(name => name == OrderDeskOptions.DelayVariable ? delay : null)));
}
