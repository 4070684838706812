using System.Text.Json;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>One attempt of a tool call as kept in the session store.</summary>
internal sealed record CallDocument(bool Succeeded, ActionOutcome Action)
{
    public JsonElement? Result { get; init; }

    public ToolResult.Failure? Failure { get; init; }

    public TimeSpan? Duration { get; init; }

    /// <summary>False when this attempt did not reach the tool, because an earlier one may have taken effect: it costs nothing.</summary>
    public bool Made { get; init; } = true;

    public string EntryId { get; init; } = "";

    public Micros CostMicros { get; init; }
}
