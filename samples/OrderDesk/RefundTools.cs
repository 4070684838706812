using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentWorkflows.Tools;

namespace OrderDesk;

internal sealed record IssueRefundArguments
{
    [Description("The order's number."), Range(OrderDeskSeed.FirstOrder, OrderDeskSeed.LastOrder)]
    public required int OrderId { get; init; }

    [Description("USD, at most two decimals; leave out to refund all that is left."), Range(typeof(decimal), "0.01", "100000", ParseLimitsInInvariantCulture = true)]
    public decimal? Amount { get; init; }

    [Description("Why, in the customer's terms."), StringLength(500, MinimumLength = 3)]
    public required string Reason { get; init; }
}

internal sealed record IssueRefundOutput(string RefundId, int OrderId, decimal Amount, string PaymentStatus);

internal sealed class IssueRefund(OrderDeskDatabase database, TimeProvider time)
    : OrderDeskTool<IssueRefundArguments, IssueRefundOutput>("issue_refund", database, time)
{
    protected override ToolResult Change(
        OrderDeskTransaction transaction, IssueRefundArguments arguments, ToolInvocation invocation, DateTimeOffset now)
    {
        if (Orders.Find(transaction, arguments.OrderId) is not { } order)
        {
            return Orders.Unknown(arguments.OrderId);
        }
        var left = order.Total - order.Refunded;
        var amount = arguments.Amount ?? left;
        if (Refuse(order, amount, left) is { } refusal)
        {
            return refusal;
        }
        var id = NewId("RF", invocation);
        transaction.Run(
            "INSERT INTO payments VALUES ($id, $order, 'refund', $cents, $reason, $at)",
            ("$id", id), ("$order", order.OrderId), ("$cents", (long)(amount * 100)), ("$reason", arguments.Reason), ("$at", now.ToString("O")));
        return Success(new IssueRefundOutput(id, order.OrderId, Orders.Usd((long)(amount * 100)), UpdatePaymentStatus(transaction, order)));
    }

    protected override IReadOnlyList<PreviewedChange> Preview(OrderDeskTransaction transaction, IssueRefundArguments arguments)
    {
        if (Orders.Find(transaction, arguments.OrderId) is not { } order)
        {
            return [];
        }
        var refunded = order.Refunded + (arguments.Amount ?? (order.Total - order.Refunded));
        return
        [
            new($"Refunded of order {order.OrderId}", Usd(order.Refunded), Usd(refunded)),
            new("Payment", order.PaymentStatus, refunded < order.Total ? "partially_refunded" : "refunded"),
            new("Kept of the order", Usd(order.Total - order.Refunded), Usd(order.Total - refunded)),
        ];
    }

    private static string Usd(decimal amount) => FormattableString.Invariant($"{amount:0.00} USD");

    /// <summary>Follows from the refunds that are left, so that two refunds of one order can be taken back in any order.</summary>
    public static string UpdatePaymentStatus(OrderDeskTransaction transaction, OrderSummary order)
    {
        var refunded = Orders.Find(transaction, order.OrderId)!.Refunded;
        var status = refunded == 0 ? "paid" : refunded < order.Total ? "partially_refunded" : "refunded";
        transaction.Run("UPDATE orders SET payment_status = $status WHERE id = $id", ("$status", status), ("$id", order.OrderId));
        return status;
    }

    private static ToolResult? Refuse(OrderSummary order, decimal amount, decimal left) => order.PaymentStatus switch
    {
        "unpaid" => ToolResult.Permanent(
            $"Order {order.OrderId} was never paid, so there is nothing to refund.", "Tell the customer so, or cancel the order if that is what is wanted."),
        "refunded" => ToolResult.Permanent(
            $"Order {order.OrderId} has been refunded in full already ({order.Refunded} USD).", "Do not refund again; tell the customer that it was refunded."),
        _ when amount <= 0 || decimal.Round(amount, 2) != amount => ToolResult.Permanent(
            $"{amount} is not an amount of money.", $"Give an amount from 0.01 to {left} USD with at most two decimals, or leave it out to refund all."),
        _ when amount > left => ToolResult.Permanent(
            $"{amount} USD is more than the {left} USD that are left of order {order.OrderId}.", $"Refund at most {left} USD, or leave the amount out to refund all."),
        _ => null,
    };
}

internal sealed class ReverseRefund(OrderDeskDatabase database, TimeProvider time)
    : CompensationTool<IssueRefundOutput>("reverse_refund", "issue_refund", database, time)
{
    protected override ToolResult Undo(OrderDeskTransaction transaction, IssueRefundOutput done)
    {
        var rows = transaction.Run("DELETE FROM payments WHERE id = $id AND kind = 'refund'", ("$id", done.RefundId));
        if (rows > 0)
        {
            IssueRefund.UpdatePaymentStatus(transaction, Orders.Find(transaction, done.OrderId)!);
        }
        return Undone(rows, $"Refund {done.RefundId} of {done.Amount} USD for order {done.OrderId} was reversed.");
    }
}
