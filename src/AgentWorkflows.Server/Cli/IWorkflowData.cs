using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Reports;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Server.Cli;

/// <summary>What the reading and deciding commands work on: the stores of a data folder, or a running server's API. Both speak the API's records.</summary>
internal interface IWorkflowData : IAsyncDisposable
{
    Task<SessionListResponse> ListSessionsAsync(SessionFilter filter, CancellationToken cancellationToken);

    Task<SessionResponse?> GetSessionAsync(string id, CancellationToken cancellationToken);

    Task<IReadOnlyList<TimelineItem>> ListTimelineAsync(string id, CancellationToken cancellationToken);

    Task<LedgerResponse?> GetLedgerAsync(string id, CancellationToken cancellationToken);

    /// <param name="date">Default: today, UTC.</param>
    Task<DailyReportResponse> GetReportAsync(DateOnly? date, string? user, CancellationToken cancellationToken);

    /// <summary>The day's ledger entries as CSV.</summary>
    Task WriteEntriesAsync(DateOnly? date, string? user, TextWriter output, CancellationToken cancellationToken);

    Task<IReadOnlyList<ApprovalResponse>> ListApprovalsAsync(ApprovalStatus? status, string? session, CancellationToken cancellationToken);

    Task<ApprovalResponse?> GetApprovalAsync(string id, CancellationToken cancellationToken);

    /// <returns>What to tell the person; <c>Done</c> false when the decision did not count.</returns>
    Task<(bool Done, string Message)> DecideAsync(string id, Decide decision, CancellationToken cancellationToken);
}

/// <summary>Absent values do not narrow.</summary>
internal sealed record SessionFilter(string? Status, string? Agent, string? User, string? TaskType, int Limit)
{
    public string? Cursor { get; init; }
}

internal sealed record Decide(DecisionKind Kind, string Approver, string? Reason, JsonElement? Arguments, string ArgumentsHash);
