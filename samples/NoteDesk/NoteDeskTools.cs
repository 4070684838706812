using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentWorkflows.Tools;

namespace NoteDesk;

internal sealed record ReadNotesArguments
{
    [Description("The topic's name."), StringLength(100, MinimumLength = 1)]
    public required string Topic { get; init; }
}

internal sealed record ReadNotesOutput(string Topic, IReadOnlyList<string> Notes);

internal sealed class ReadNotes(Notes notes) : TypedTool<ReadNotesArguments, ReadNotesOutput>("read_notes")
{
    protected override async Task<ToolResult> ExecuteAsync(ReadNotesArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
        Success(new ReadNotesOutput(arguments.Topic, await notes.ReadAsync(arguments.Topic, cancellationToken)));
}

internal sealed record WriteNoteArguments
{
    [Description("The topic's name."), StringLength(100, MinimumLength = 1)]
    public required string Topic { get; init; }

    [Description("What the note says."), StringLength(1000, MinimumLength = 1)]
    public required string Text { get; init; }
}

internal sealed record WriteNoteOutput(string Topic, string Text);

internal sealed class WriteNote(Notes notes) : TypedTool<WriteNoteArguments, WriteNoteOutput>("write_note")
{
    protected override async Task<ToolResult> ExecuteAsync(WriteNoteArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken)
    {
        var written = await notes.WriteAsync(invocation.IdempotencyKey, arguments.Topic, arguments.Text, cancellationToken);
        return written
            ? Success(new WriteNoteOutput(arguments.Topic, arguments.Text))
            : ToolResult.Permanent("The note was taken back before it was written.", "Do not write it again.");
    }
}

internal sealed record DeleteNoteArguments
{
    [Description("The key of the call that wrote the note.")]
    public required string ActionKey { get; init; }
}

internal sealed record DeleteNoteOutput(bool Deleted);

internal sealed class DeleteNote(Notes notes) : TypedTool<DeleteNoteArguments, DeleteNoteOutput>("delete_note")
{
    protected override async Task<ToolResult> ExecuteAsync(DeleteNoteArguments arguments, ToolInvocation invocation, CancellationToken cancellationToken) =>
        Success(new DeleteNoteOutput(await notes.DeleteAsync(arguments.ActionKey, cancellationToken)));
}
