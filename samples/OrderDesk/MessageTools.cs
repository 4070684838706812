using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentWorkflows.Tools;

namespace OrderDesk;

internal sealed record MessageArguments
{
    [Description("The order the message is about; it goes to that order's customer."), Range(OrderDeskSeed.FirstOrder, OrderDeskSeed.LastOrder)]
    public required int OrderId { get; init; }

    [StringLength(200, MinimumLength = 1)]
    public required string Subject { get; init; }

    [StringLength(5000, MinimumLength = 1)]
    public required string Body { get; init; }
}

internal sealed record SendMessageOutput(string MessageId, int OrderId, string Recipient);

internal sealed class SendMessage(OrderDeskDatabase database, TimeProvider time)
    : OrderDeskTool<MessageArguments, SendMessageOutput>("send_message", database, time)
{
    protected override ToolResult Change(OrderDeskTransaction transaction, MessageArguments arguments, ToolInvocation invocation, DateTimeOffset now)
    {
        if (Orders.Find(transaction, arguments.OrderId) is not { } order)
        {
            return Orders.Unknown(arguments.OrderId);
        }
        var id = NewId("MSG", invocation);
        transaction.Run(
            "INSERT INTO messages VALUES ($id, $order, $recipient, $subject, $body, $at)",
            ("$id", id), ("$order", order.OrderId), ("$recipient", order.Customer.Email), ("$subject", arguments.Subject), ("$body", arguments.Body),
            ("$at", now.ToString("O")));
        return Success(new SendMessageOutput(id, order.OrderId, order.Customer.Email));
    }

    protected override IReadOnlyList<PreviewedChange> Preview(OrderDeskTransaction transaction, MessageArguments arguments) =>
        Orders.Find(transaction, arguments.OrderId) is { } order
            ? [new("Outbox", "", $"a message to {order.Customer.Name} <{order.Customer.Email}>")]
            : [];
}

internal sealed class RetractMessage(OrderDeskDatabase database, TimeProvider time)
    : CompensationTool<SendMessageOutput>("retract_message", "send_message", database, time)
{
    protected override ToolResult Undo(OrderDeskTransaction transaction, SendMessageOutput done) =>
        Undone(
            transaction.Run("DELETE FROM messages WHERE id = $id", ("$id", done.MessageId)),
            $"Message {done.MessageId} to {done.Recipient} was withdrawn from the outbox.");
}

internal sealed record DraftMessageOutput(string DraftId, int OrderId, string Recipient);

internal sealed class DraftMessage(OrderDeskDatabase database, TimeProvider time)
    : OrderDeskTool<MessageArguments, DraftMessageOutput>("draft_message", database, time)
{
    protected override ToolResult Change(OrderDeskTransaction transaction, MessageArguments arguments, ToolInvocation invocation, DateTimeOffset now)
    {
        if (Orders.Find(transaction, arguments.OrderId) is not { } order)
        {
            return Orders.Unknown(arguments.OrderId);
        }
        var id = NewId("DR", invocation);
        transaction.Run(
            "INSERT INTO drafts VALUES ($id, $order, $subject, $body, $at)",
            ("$id", id), ("$order", order.OrderId), ("$subject", arguments.Subject), ("$body", arguments.Body), ("$at", now.ToString("O")));
        return Success(new DraftMessageOutput(id, order.OrderId, order.Customer.Email));
    }
}

internal sealed class DeleteDraft(OrderDeskDatabase database, TimeProvider time)
    : CompensationTool<DraftMessageOutput>("delete_draft", "draft_message", database, time)
{
    protected override ToolResult Undo(OrderDeskTransaction transaction, DraftMessageOutput done) =>
        Undone(transaction.Run("DELETE FROM drafts WHERE id = $id", ("$id", done.DraftId)), $"Draft {done.DraftId} was deleted.");
}
