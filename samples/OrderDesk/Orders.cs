using AgentWorkflows.Tools;
using Microsoft.Data.Sqlite;

namespace OrderDesk;

internal sealed record Customer(int Id, string Name, string Email);

internal sealed record OrderItem(string Product, int Quantity, decimal UnitPrice);

/// <summary>Amounts are USD.</summary>
internal record OrderSummary(int OrderId, string Status, string PaymentStatus, decimal Total, decimal Refunded, string OrderedOn, Customer Customer);

internal static class Orders
{
    private const string Select = """
        SELECT o.id, o.status, o.payment_status, o.total_cents,
            (SELECT coalesce(sum(p.amount_cents), 0) FROM payments p WHERE p.order_id = o.id AND p.kind = 'refund'), o.ordered_on, c.id, c.name, c.email
        FROM orders o JOIN customers c ON c.id = o.customer_id
        """;

    public static OrderSummary? Find(OrderDeskTransaction transaction, int orderId) =>
        transaction.Query($"{Select} WHERE o.id = $id", Read, ("$id", orderId)).FirstOrDefault();

    /// <param name="customer">Part of a name or e-mail address; empty for any. Compared literally.</param>
    public static List<OrderSummary> Search(OrderDeskTransaction transaction, string customer, string status, string paymentStatus, int limit) =>
        transaction.Query(
            $"""
            {Select}
            WHERE ($customer = '' OR instr(lower(c.name), lower($customer)) > 0 OR instr(c.email, lower($customer)) > 0)
                AND ($status = '' OR o.status = $status) AND ($payment = '' OR o.payment_status = $payment)
            ORDER BY o.id LIMIT $limit
            """,
            Read,
            ("$customer", customer), ("$status", status), ("$payment", paymentStatus), ("$limit", limit));

    public static ToolResult Unknown(int orderId) => ToolResult.Permanent(
        $"There is no order {orderId}.",
        $"Orders have the numbers {OrderDeskSeed.FirstOrder} to {OrderDeskSeed.LastOrder}. Use search_orders to find the customer's order, or ask for the number.");

    /// <summary>With two decimals, as money is written.</summary>
    public static decimal Usd(long cents) => new((int)(cents & 0xFFFFFFFF), (int)(cents >> 32), 0, isNegative: false, scale: 2);

    private static OrderSummary Read(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), Usd(row.GetInt64(3)), Usd(row.GetInt64(4)), row.GetString(5),
        new Customer(row.GetInt32(6), row.GetString(7), row.GetString(8)));
}
