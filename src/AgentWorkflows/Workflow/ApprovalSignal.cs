namespace AgentWorkflows.Workflow;

/// <summary>The event that wakes a session about an approval. It carries no decision; the store has it.</summary>
internal sealed record ApprovalSignal(string ApprovalId)
{
    /// <summary>The name of the event. Part of recorded history: it never changes.</summary>
    public static string EventName(string approvalId) => "approval:" + approvalId;
}
