using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentWorkflows.Tools;

namespace OrderDesk;

internal sealed record GetOrderArguments
{
    [Description("The order's number."), Range(OrderDeskSeed.FirstOrder, OrderDeskSeed.LastOrder)]
    public required int OrderId { get; init; }
}

internal sealed record GetOrderOutput(
    int OrderId, string Status, string PaymentStatus, decimal Total, decimal Refunded, string OrderedOn, Customer Customer,
    IReadOnlyList<OrderItem> Items, IReadOnlyList<string> Notes)
    : OrderSummary(OrderId, Status, PaymentStatus, Total, Refunded, OrderedOn, Customer);

internal sealed class GetOrder(OrderDeskDatabase database) : TypedTool<GetOrderArguments, GetOrderOutput>("get_order")
{
    protected override Task<ToolResult> ExecuteAsync(GetOrderArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
        database.ReadAsync(transaction => Read(transaction, arguments.OrderId), cancellationToken);

    private static ToolResult Read(OrderDeskTransaction transaction, int id)
    {
        if (Orders.Find(transaction, id) is not { } order)
        {
            return Orders.Unknown(id);
        }
        var items = transaction.Query(
            "SELECT product, quantity, unit_price_cents FROM order_items WHERE order_id = $id ORDER BY line",
            row => new OrderItem(row.GetString(0), row.GetInt32(1), Orders.Usd(row.GetInt64(2))),
            ("$id", id));
        var notes = transaction.Query("SELECT text FROM notes WHERE order_id = $id ORDER BY written_at, id", row => row.GetString(0), ("$id", id));
        return Success(new GetOrderOutput(
            order.OrderId, order.Status, order.PaymentStatus, order.Total, order.Refunded, order.OrderedOn, order.Customer, items, notes));
    }
}

internal sealed record SearchOrdersArguments
{
    [Description("Part of the customer's name or e-mail address."), StringLength(100)]
    public string? Customer { get; init; }

    [Description("Only orders in this state."), AllowedValues("placed", "shipped", "delivered", "cancelled")]
    public string? Status { get; init; }

    [Description("Only orders whose payment is in this state."), AllowedValues("unpaid", "paid", "partially_refunded", "refunded")]
    public string? PaymentStatus { get; init; }

    [Description("How many orders at most; default 20."), Range(1, 50)]
    public int? Limit { get; init; }
}

/// <param name="More">True when there are more than <see cref="SearchOrdersArguments.Limit"/>.</param>
internal sealed record SearchOrdersOutput(int Count, bool More, IReadOnlyList<OrderSummary> Orders);

internal sealed class SearchOrders(OrderDeskDatabase database) : TypedTool<SearchOrdersArguments, SearchOrdersOutput>("search_orders")
{
    private const int StandardLimit = 20;

    protected override async Task<ToolResult> ExecuteAsync(SearchOrdersArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var limit = arguments.Limit ?? StandardLimit;
        var found = await database.ReadAsync(
            transaction => Orders.Search(transaction, arguments.Customer ?? "", arguments.Status ?? "", arguments.PaymentStatus ?? "", limit + 1),
            cancellationToken);
        var shown = found.Take(limit).ToList();
        return Success(new SearchOrdersOutput(shown.Count, found.Count > limit, shown));
    }
}
