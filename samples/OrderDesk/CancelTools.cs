using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentWorkflows.Tools;

namespace OrderDesk;

internal sealed record CancelOrderArguments
{
    [Description("The order's number."), Range(OrderDeskSeed.FirstOrder, OrderDeskSeed.LastOrder)]
    public required int OrderId { get; init; }
}

internal sealed record CancelOrderOutput(int OrderId, string PreviousStatus, string PaymentStatus);

internal sealed class CancelOrder(OrderDeskDatabase database, TimeProvider time)
    : OrderDeskTool<CancelOrderArguments, CancelOrderOutput>("cancel_order", database, time)
{
    protected override ToolResult Change(
        OrderDeskTransaction transaction, CancelOrderArguments arguments, ToolInvocation invocation, DateTimeOffset now)
    {
        if (Orders.Find(transaction, arguments.OrderId) is not { } order)
        {
            return Orders.Unknown(arguments.OrderId);
        }
        if (order.Status != "placed")
        {
            return ToolResult.Permanent(
                $"Order {order.OrderId} is {order.Status}: only an order that has not been shipped can be cancelled.",
                order.Status == "cancelled" ? "Nothing is left to do." : "Offer a refund instead, if it was paid.");
        }
        transaction.Run("UPDATE orders SET status = 'cancelled' WHERE id = $id", ("$id", order.OrderId));
        return Success(new CancelOrderOutput(order.OrderId, order.Status, order.PaymentStatus));
    }

    protected override IReadOnlyList<PreviewedChange> Preview(OrderDeskTransaction transaction, CancelOrderArguments arguments) =>
        Orders.Find(transaction, arguments.OrderId) is { } order
            ? [new($"Order {order.OrderId}, {order.Customer.Name}", order.Status, "cancelled")]
            : [];
}

internal sealed class RestoreOrder(OrderDeskDatabase database, TimeProvider time)
    : CompensationTool<CancelOrderOutput>("restore_order", "cancel_order", database, time)
{
    protected override ToolResult Undo(OrderDeskTransaction transaction, CancelOrderOutput done) =>
        Undone(
            transaction.Run(
                "UPDATE orders SET status = $status WHERE id = $id AND status = 'cancelled'", ("$status", done.PreviousStatus), ("$id", done.OrderId)),
            $"Order {done.OrderId} is {done.PreviousStatus} again.");
}
