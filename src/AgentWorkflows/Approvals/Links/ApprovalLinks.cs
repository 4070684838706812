namespace AgentWorkflows.Approvals.Links;

/// <summary>What a link leads to.</summary>
internal abstract record LinkTarget
{
    /// <summary>Nothing: forged, revoked, for another call, or garbage. Which of these is not told.</summary>
    public sealed record Unknown : LinkTarget;

    /// <summary>The link was good; there is nothing left to decide with it.</summary>
    public sealed record Over(ApprovalToken Token, ApprovalRequest Request, LinkEnd End) : LinkTarget;

    public sealed record Open(ApprovalToken Token, ApprovalRequest Request) : LinkTarget;
}

internal enum LinkEnd
{
    Decided,

    /// <summary>This person has approved; others have to as well.</summary>
    Voted,
    Expired,
}

/// <summary>Makes the links that messages carry, and finds what a link leads to. Thread-safe.</summary>
internal sealed class ApprovalLinks(ApprovalTokens tokens, IApprovalStore approvals, ApprovalLinkOptions options, TimeProvider time)
{
    public string TokenFor(ApprovalRequest request, string approver)
    {
        ArgumentNullException.ThrowIfNull(request);
        var decisions = AllowedDecisions.Approve | AllowedDecisions.Reject;
        if (request is { IsQuestion: false, Required: <= 1 })
        {
            decisions |= AllowedDecisions.Edit;
        }
        return tokens.Issue(new ApprovalToken(request.Id, request.ArgumentsHash, Approver.Normalize(approver), decisions, request.ExpiresAt));
    }

    /// <summary>Looks only; changes nothing.</summary>
    public async Task<LinkTarget> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (tokens.Verify(token) is not { } verified
            || await approvals.GetAsync(verified.ApprovalId, cancellationToken) is not { } request
            || request.ArgumentsHash != verified.ArgumentsHash)
        {
            return new LinkTarget.Unknown();
        }
        if (request.Decision is { BySystem: false })
        {
            return new LinkTarget.Over(verified, request, LinkEnd.Decided);
        }
        var now = time.GetUtcNow();
        if (request.Decision is not null || now >= verified.ExpiresAt || now >= request.ExpiresAt)
        {
            return new LinkTarget.Over(verified, request, LinkEnd.Expired);
        }
        return request.Votes.Any(vote => Approver.Same(vote.Approver, verified.Approver))
            ? new LinkTarget.Over(verified, request, LinkEnd.Voted)
            : new LinkTarget.Open(verified, request);
    }

    internal ApprovalMessage MessageOf(ApprovalRequest request, ApprovalNotice notice)
    {
        var message = new ApprovalMessage(request, notice) { Inbox = options.PublicUrl };
        if (options.PublicUrl is not { } home || notice.Recipient.Length == 0)
        {
            return message;
        }
        var token = TokenFor(request, notice.Recipient);
        return message with { Link = new Uri(home, "approve/" + token), Code = tokens.CodeOf(token) };
    }
}
