using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentWorkflows.Tools;

namespace OrderDesk;

internal sealed record AddNoteArguments
{
    [Description("The order's number."), Range(OrderDeskSeed.FirstOrder, OrderDeskSeed.LastOrder)]
    public required int OrderId { get; init; }

    [Description("What colleagues should know."), StringLength(1000, MinimumLength = 1)]
    public required string Text { get; init; }
}

internal sealed record AddNoteOutput(string NoteId, int OrderId);

internal sealed class AddNote(OrderDeskDatabase database, TimeProvider time)
    : OrderDeskTool<AddNoteArguments, AddNoteOutput>("add_note", database, time)
{
    protected override ToolResult Change(OrderDeskTransaction transaction, AddNoteArguments arguments, ToolInvocation invocation, DateTimeOffset now)
    {
        if (Orders.Find(transaction, arguments.OrderId) is not { } order)
        {
            return Orders.Unknown(arguments.OrderId);
        }
        var id = NewId("NOTE", invocation);
        transaction.Run(
            "INSERT INTO notes VALUES ($id, $order, $text, $at)",
            ("$id", id), ("$order", order.OrderId), ("$text", arguments.Text), ("$at", now.ToString("O")));
        return Success(new AddNoteOutput(id, order.OrderId));
    }
}

internal sealed class DeleteNote(OrderDeskDatabase database, TimeProvider time)
    : CompensationTool<AddNoteOutput>("delete_note", "add_note", database, time)
{
    protected override ToolResult Undo(OrderDeskTransaction transaction, AddNoteOutput done) =>
        Undone(transaction.Run("DELETE FROM notes WHERE id = $id", ("$id", done.NoteId)), $"Note {done.NoteId} was deleted.");
}
