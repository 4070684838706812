using AgentWorkflows.Screening;

namespace AgentWorkflows.Approvals;

/// <summary>A way to tell people about a request. Called at least once per notice; thread-safe.</summary>
public interface IApprovalChannel
{
    /// <summary>Unique among the host's channels; shown to people.</summary>
    string Name { get; }

    /// <summary>
    /// Who of the approvers gets a message of their own here; a text without characters stands for all who read the channel.
    /// </summary>
    /// <param name="approvers">Empty where everybody may decide.</param>
    IReadOnlyList<string> RecipientsAmong(IReadOnlyList<string> approvers);

    /// <summary>Bounded in time. Does not throw for what the other side does.</summary>
    Task<DeliveryResult> SendAsync(ApprovalMessage message, CancellationToken cancellationToken);
}

/// <summary>What a channel has to say.</summary>
public sealed record ApprovalMessage(ApprovalRequest Request, ApprovalNotice Notice)
{
    /// <summary>The recipient's own page; <c>null</c> for a channel that several people read, or when the host has no address.</summary>
    public Uri? Link { get; init; }

    /// <summary>What the page asks for. It stands in the message's text and never in the link.</summary>
    public string? Code { get; init; }

    /// <summary>Where the inbox is, for those without a link of their own.</summary>
    public Uri? Inbox { get; init; }
}

/// <summary>What became of a message.</summary>
public abstract record DeliveryResult
{
    /// <summary>The other side has taken it.</summary>
    public sealed record Delivered : DeliveryResult;

    /// <param name="Reason">For a person; no secrets.</param>
    /// <param name="Final">True when trying again cannot help.</param>
    public sealed record Failed(string Reason, bool Final) : DeliveryResult
    {
        /// <summary>Redacted: what a service answers may repeat what it was sent, or the address that lets one send.</summary>
        public string Reason { get; init; } = Redaction.Text(Reason);
    }
}
