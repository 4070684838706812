namespace AgentWorkflows.Steps;

internal enum ContextCareKind
{
    /// <summary>A model puts older turns in few words.</summary>
    Summary,

    /// <summary>The recorded facts replace the conversation, without a model's help.</summary>
    Checkpoint,
}

/// <param name="UpToTurn">The last turn that is replaced.</param>
internal sealed record ContextCareDue(ContextCareKind Kind, int UpToTurn, string Reason);
