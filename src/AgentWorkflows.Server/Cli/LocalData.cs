using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Http.Approvals;
using AgentWorkflows.Http.Sessions;
using AgentWorkflows.Server.Hosting;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

/// <summary>
/// Reads the stores of a data folder directly, so it works with and without a server on them. A decision is recorded in the approval store, which is the
/// arbiter; whoever runs the engine delivers it.
/// </summary>
internal sealed class LocalData(StoreRuntime runtime) : IWorkflowData
{
    private const int TimelinePage = 1000;

    private readonly ISessionStore _sessions = runtime.Services.GetRequiredService<ISessionStore>();
    private readonly IApprovalStore _approvals = runtime.Services.GetRequiredService<IApprovalStore>();
    private readonly ICostLedger _ledger = runtime.Services.GetRequiredService<ICostLedger>();
    private readonly TimeProvider _time = runtime.Services.GetRequiredService<TimeProvider>();

    public async Task<SessionListResponse> ListSessionsAsync(SessionFilter filter, CancellationToken cancellationToken)
    {
        var page = await _sessions.ListAsync(new SessionQuery
        {
            Statuses = filter.Status is null ? null : [Enum.Parse<SessionStatus>(filter.Status, ignoreCase: true)],
            Agent = filter.Agent,
            UserId = filter.User,
            TaskType = filter.TaskType,
            PageSize = filter.Limit,
        }, cancellationToken);
        return new SessionListResponse([.. page.Sessions.Select(SessionMapping.ToSummary)], page.Cursor);
    }

    public async Task<SessionResponse?> GetSessionAsync(string id, CancellationToken cancellationToken)
    {
        if (await _sessions.GetAsync(id, cancellationToken) is not { } session)
        {
            return null;
        }
        var pending = await _approvals.ListAsync(new ApprovalQuery { Status = ApprovalStatus.Pending, SessionId = id }, cancellationToken);
        return SessionMapping.ToResponse(session, pending);
    }

    public async Task<IReadOnlyList<TimelineItem>> ListTimelineAsync(string id, CancellationToken cancellationToken)
    {
        var items = new List<TimelineItem>();
        IReadOnlyList<TimelineEntry> page;
        do
        {
            page = await _sessions.ListTimelineAsync(id, items.Count > 0 ? items[^1].Sequence : 0, TimelinePage, cancellationToken);
            items.AddRange(page.Select(SessionMapping.ToItem));
        }
        while (page.Count == TimelinePage);
        return items;
    }

    public async Task<LedgerResponse?> GetLedgerAsync(string id, CancellationToken cancellationToken) =>
        await _sessions.GetAsync(id, cancellationToken) is null
            ? null
            : SessionMapping.ToLedger(id, await _ledger.ListAsync(id, cancellationToken));

    public async Task<IReadOnlyList<ApprovalResponse>> ListApprovalsAsync(ApprovalStatus? status, string? session, CancellationToken cancellationToken) =>
        [.. (await _approvals.ListAsync(new ApprovalQuery { Status = status, SessionId = session, Limit = 1000 }, cancellationToken)).Select(ApprovalResponse.From)];

    public async Task<ApprovalResponse?> GetApprovalAsync(string id, CancellationToken cancellationToken) =>
        await _approvals.GetAsync(id, cancellationToken) is { } approval ? ApprovalResponse.From(approval) : null;

    public async Task<(bool Done, string Message)> DecideAsync(string id, Decide decision, CancellationToken cancellationToken)
    {
        var status = decision.Kind switch
        {
            DecisionKind.Approve => ApprovalStatus.Approved,
            DecisionKind.Reject => ApprovalStatus.Rejected,
            // New arguments are checked against the tool's contract, which only a running host has.
            _ => throw new StartupException("Changing arguments needs a running server: pass --url http://localhost:7071."),
        };
        var outcome = await _approvals.DecideAsync(id, new ApprovalDecision
        {
            // The same command again is the same decision.
            DecisionId = $"cli:{decision.Approver}:{status}:{decision.ArgumentsHash}",
            Status = status,
            Approver = decision.Approver,
            Reason = decision.Reason,
            ArgumentsHash = decision.ArgumentsHash,
            DecidedAt = _time.GetUtcNow(),
        }, cancellationToken);
        var told = DecisionText.Describe(outcome);
        return outcome is DecideOutcome.Decided decided
            ? (true, $"{told} A running server goes on with it within 30 seconds; without one: agentworkflows run --resume {decided.Request.SessionId}")
            : (false, told);
    }

    public ValueTask DisposeAsync() => runtime.DisposeAsync();
}
