namespace AgentWorkflows.Approvals;

/// <summary>
/// What a decision does to a stored request. Pure: a store reads the request, asks here, and writes <c>Changed</c> only if the request is still the one it read.
/// </summary>
public static class ApprovalArbiter
{
    /// <returns>What to answer, and the request to write; nothing to write when it is <c>null</c>.</returns>
    public static (DecideOutcome Outcome, ApprovalRequest? Changed) Decide(ApprovalRequest? request, ApprovalDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (request is null)
        {
            return (new DecideOutcome.NotFound(), null);
        }
        if (request.Decision is { } made)
        {
            return (made.DecisionId == decision.DecisionId ? new DecideOutcome.Decided(request) : new DecideOutcome.AlreadyDecided(request), null);
        }
        if (request.ArgumentsHash != decision.ArgumentsHash)
        {
            return (new DecideOutcome.Stale(request), null);
        }
        if (!decision.BySystem && decision.DecidedAt >= request.ExpiresAt)
        {
            return (new DecideOutcome.Expired(request), null);
        }
        return decision is { BySystem: false, Status: ApprovalStatus.Approved } && request.Required > 1 ? Vote(request, decision) : Close(request, decision);
    }

    /// <summary>Upserts notices by their id; one that was delivered stays so.</summary>
    /// <returns>The same instance when nothing changes.</returns>
    public static ApprovalRequest WithNotices(ApprovalRequest request, IReadOnlyList<ApprovalNotice> notices)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(notices);
        List<ApprovalNotice> merged = [.. request.Notices];
        var changed = false;
        foreach (var notice in notices)
        {
            var at = merged.FindIndex(known => known.Id == notice.Id);
            if (at < 0)
            {
                merged.Add(notice);
                changed = true;
            }
            else if (merged[at].Status != NoticeStatus.Delivered && merged[at] != notice)
            {
                merged[at] = notice;
                changed = true;
            }
        }
        return changed ? request with { Notices = merged } : request;
    }

    private static (DecideOutcome Outcome, ApprovalRequest? Changed) Vote(ApprovalRequest request, ApprovalDecision decision)
    {
        if (request.Votes.FirstOrDefault(vote => Approver.Same(vote.Approver, decision.Approver)) is { } before)
        {
            return (before.DecisionId == decision.DecisionId ? new DecideOutcome.Counted(request) : new DecideOutcome.SameApprover(request), null);
        }
        var voted = request with { Votes = [.. request.Votes, decision] };
        return voted.Votes.Count < request.Required ? (new DecideOutcome.Counted(voted), voted) : Close(voted, decision);
    }

    private static (DecideOutcome Outcome, ApprovalRequest? Changed) Close(ApprovalRequest request, ApprovalDecision decision)
    {
        var decided = request with { Status = decision.Status, Decision = decision };
        return (new DecideOutcome.Decided(decided), decided);
    }
}
