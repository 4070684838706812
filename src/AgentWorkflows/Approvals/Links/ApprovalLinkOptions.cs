namespace AgentWorkflows.Approvals.Links;

/// <summary>Where people reach this host.</summary>
internal sealed class ApprovalLinkOptions
{
    /// <summary>Such as <c>https://agents.example.com/</c>. <c>null</c>: messages have no links. A host that learns its address when it listens sets it then.</summary>
    public Uri? PublicUrl { get; set; }
}
