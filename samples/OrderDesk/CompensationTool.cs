using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AgentWorkflows.Tools;

namespace OrderDesk;

internal sealed record CompensationArguments
{
    [Description("The idempotency key of the call to take back."), StringLength(200, MinimumLength = 1)]
    public required string ActionKey { get; init; }
}

/// <param name="Undone">False when there was nothing to undo.</param>
internal sealed record CompensationOutput(bool Undone, string Detail);

/// <summary>
/// Takes back what <paramref name="action"/> did under a key. When the action never ran, its key is marked as withdrawn: a call that is still on its way (a
/// tool abandoned after its timeout, a process thought dead) can then no longer take effect behind the rollback's back.
/// </summary>
internal abstract class CompensationTool<TActionOutput>(string name, string action, OrderDeskDatabase database, TimeProvider time)
    : OrderDeskTool<CompensationArguments, CompensationOutput>(name, database, time)
{
    protected sealed override ToolResult Change(
        OrderDeskTransaction transaction, CompensationArguments arguments, ToolInvocation invocation, DateTimeOffset now)
    {
        switch (transaction.FindEffect(arguments.ActionKey))
        {
            case null:
                transaction.AddEffect(arguments.ActionKey, action, invocation.SessionId, withdrawn: true, "{}", now);
                return Success(new CompensationOutput(false, $"Nothing to undo: {action} never took effect, and can no longer do so under this key."));
            case { Withdrawn: true }:
                return Success(new CompensationOutput(false, $"Nothing to undo: {action} was withdrawn before."));
            case { Tool: var tool } when tool != action:
                return ToolResult.Permanent($"The key belongs to a call of {tool}.", $"Give the key of a call of {action}.");
            case { Result: var result }:
                return Undo(transaction, JsonSerializer.Deserialize<TActionOutput>(result, ToolJson.Options)!);
        }
    }

    protected abstract ToolResult Undo(OrderDeskTransaction transaction, TActionOutput done);

    protected static ToolResult Undone(int rows, string what) =>
        Success(rows > 0 ? new CompensationOutput(true, what) : new CompensationOutput(false, "Nothing to undo: it was taken back before."));
}
