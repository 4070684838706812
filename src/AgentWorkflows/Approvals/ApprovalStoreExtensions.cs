namespace AgentWorkflows.Approvals;

internal static class ApprovalStoreExtensions
{
    private const int Batch = 100;

    /// <summary>Closes every pending request of a session that has ended, so that nobody decides about something that will not happen.</summary>
    /// <param name="instanceId">Only those that this orchestration waits for; <c>null</c>: all.</param>
    public static async Task WithdrawAllAsync(
        this IApprovalStore store, string sessionId, DateTimeOffset now, CancellationToken cancellationToken, string? instanceId = null)
    {
        IReadOnlyList<ApprovalRequest> pending;
        do
        {
            // What is decided is not pending any more, so that each round finds the next ones.
            pending = await store.ListAsync(new ApprovalQuery { Status = ApprovalStatus.Pending, SessionId = sessionId, Limit = Batch }, cancellationToken);
            foreach (var request in pending.Where(request => instanceId is null || request.InstanceId == instanceId))
            {
                await store.DecideAsync(request.Id, SystemDecision(request, ApprovalStatus.Withdrawn, "The session has ended.", now), cancellationToken);
                await store.MarkDeliveredAsync(request.Id, cancellationToken);
            }
        }
        while (pending.Count == Batch);
    }

    /// <summary>A decision nobody made: a timeout or the end of the session. Its id is fixed, so that repeating it is recognized.</summary>
    public static ApprovalDecision SystemDecision(ApprovalRequest request, ApprovalStatus status, string reason, DateTimeOffset now) => new()
    {
        DecisionId = $"{request.Id}:{status}",
        Status = status,
        Approver = "agentworkflows",
        Reason = reason,
        ArgumentsHash = request.ArgumentsHash,
        DecidedAt = now,
        BySystem = true,
    };
}
