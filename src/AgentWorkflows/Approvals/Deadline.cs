namespace AgentWorkflows.Approvals;

/// <summary>What it means that nobody decides in time, in words: the one source for API, command line, console, page, messages and timeline. Pure.</summary>
internal static class Deadline
{
    /// <summary>What happens then, such as <c>it runs</c>.</summary>
    public static string Means(ApprovalRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request switch
        {
            // The session ended first: its deadline means nothing any more.
            { Status: ApprovalStatus.Withdrawn } => "it does not run, because the session has ended",
            { OnTimeout: TimeoutMeaning.Approve } => "it runs, as the policy says",
            { OnTimeout: TimeoutMeaning.Halt } => "it does not run, and the session ends",
            { IsQuestion: true } => "it counts as no",
            _ => "it counts as rejected",
        };
    }

    /// <summary>True when the deadline decided, in whichever way.</summary>
    public static bool Decided(ApprovalRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request is { Status: ApprovalStatus.Expired } or { Status: not ApprovalStatus.Withdrawn, Decision.BySystem: true };
    }

    /// <summary>A sentence for whoever comes too late.</summary>
    public static string Passed(ApprovalRequest request) => $"The time to decide about {request?.Tool} has passed; {Means(request!)}.";
}
