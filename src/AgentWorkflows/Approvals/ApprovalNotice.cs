
namespace AgentWorkflows.Approvals;

/// <summary>One message about a request to one recipient on one channel, and whether it got there.</summary>
/// <param name="Id">Unique in the request, the same for every attempt.</param>
/// <param name="Channel">The channel's configured name, such as <c>email</c>.</param>
/// <param name="Recipient">Whom it is for; empty when the channel is read by several people.</param>
public sealed record ApprovalNotice(string Id, string Channel, string Recipient, NoticeKind Kind)
{
    public NoticeStatus Status { get; init; }

    public int Attempts { get; init; }

    /// <summary>The last attempt.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why the last attempt failed, for a person; no secrets.</summary>
    public string? Error { get; init; }
}

/// <summary>Why people are told.</summary>
public enum NoticeKind
{
    Request,
    Reminder,
    Escalation,
}

/// <summary>What became of a notice.</summary>
public enum NoticeStatus
{
    Pending,
    Delivered,

    /// <summary>The last attempt failed and there will be another.</summary>
    Failing,

    /// <summary>It will not be tried again.</summary>
    Failed,

    /// <summary>It was no longer needed: the request had been decided.</summary>
    Unneeded,
}
