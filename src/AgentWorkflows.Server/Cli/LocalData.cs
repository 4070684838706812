using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Reports;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Costs;
using AgentWorkflows.Models;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.Extensions.Options;

namespace AgentWorkflows.Server.Cli;

/// <summary>
/// Reads the stores of a data folder directly, so it works with and without a server on them. A decision goes through the same rules as
/// everywhere and is recorded in the approval store, which is the arbiter; whoever runs the engine delivers it.
/// </summary>
/// <param name="program">What the program is called, for commands that are suggested.</param>
internal sealed class LocalData(IServiceProvider services, string program) : IWorkflowData
{
    private const int TimelinePage = 1000;

    private readonly ISessionStore _sessions = services.GetRequiredService<ISessionStore>();
    private readonly IApprovalStore _approvals = services.GetRequiredService<IApprovalStore>();
    private readonly ICostLedger _ledger = services.GetRequiredService<ICostLedger>();
    // What these need of the configuration is of no interest to who only looks at a session.
    private readonly Lazy<ReportService> _reports = new(services.GetRequiredService<ReportService>);
    private readonly Lazy<ApprovalService> _decisions = new(services.GetRequiredService<ApprovalService>);

    public async Task<SessionListResponse> ListSessionsAsync(SessionFilter filter, CancellationToken cancellationToken)
    {
        var page = await _sessions.ListAsync(new SessionQuery
        {
            Statuses = filter.Status is null ? null : [Enum.Parse<SessionStatus>(filter.Status, ignoreCase: true)],
            Agent = filter.Agent,
            UserId = filter.User is { } user ? PersonName.Normalize(user) ?? user : null,
            TaskType = filter.TaskType,
            PageSize = filter.Limit,
            Cursor = filter.Cursor,
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

    public async Task<LedgerResponse?> GetLedgerAsync(string id, CancellationToken cancellationToken)
    {
        if (await _sessions.GetAsync(id, cancellationToken) is not { } session)
        {
            return null;
        }
        var entries = await _ledger.ListAsync(id, cancellationToken);
        var agent = await services.GetRequiredService<AgentSnapshots>().GetAsync(session.SnapshotHash, cancellationToken);
        return SessionMapping.ToLedger(id, entries) with
        {
            Savings = SessionMapping.ToSavings(entries, agent, Resolve),
        };
    }

    public async Task<DailyReportResponse> GetReportAsync(DateOnly? date, string? user, CancellationToken cancellationToken) =>
        DailyReportResponse.From(await _reports.Value.DailyAsync(date ?? _reports.Value.Today, user, cancellationToken));

    public async Task WriteEntriesAsync(DateOnly? date, string? user, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync(LedgerCsv.Header);
        await foreach (var entry in _reports.Value.EntriesAsync(date ?? _reports.Value.Today, user, cancellationToken))
        {
            await output.WriteLineAsync(LedgerCsv.Line(entry));
        }
    }

    public async Task<IReadOnlyList<ApprovalResponse>> ListApprovalsAsync(ApprovalStatus? status, string? session, CancellationToken cancellationToken) =>
        [.. (await _approvals.ListAsync(new ApprovalQuery { Status = status, SessionId = session, Limit = 1000 }, cancellationToken)).Select(ApprovalResponse.From)];

    public async Task<ApprovalResponse?> GetApprovalAsync(string id, CancellationToken cancellationToken) =>
        await _approvals.GetAsync(id, cancellationToken) is { } approval ? ApprovalResponse.From(approval) : null;

    public async Task<(bool Done, string Message)> DecideAsync(string id, Decide decision, CancellationToken cancellationToken)
    {
        var result = await _decisions.Value.DecideAsync(id, new DecideRequest
        {
            Decision = decision.Kind,
            Approver = decision.Approver,
            Reason = decision.Reason,
            Arguments = decision.Arguments,
            ArgumentsHash = decision.ArgumentsHash,
            Via = "terminal",
        }, cancellationToken);
        var told = DecisionText.Describe(result);
        return result is DecideResult.Done { Outcome: DecideOutcome.Decided decided }
            ? (true, $"{told} A running server goes on with it within 30 seconds; without one: {program} run --resume {decided.Request.SessionId}")
            : (result is DecideResult.Done { Outcome: DecideOutcome.Counted }, told);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Looking at a bill needs no model: where they are configured wrongly, a name stands for itself.</summary>
    private string Resolve(string deployment)
    {
        try
        {
            return services.GetRequiredService<IChatModelCatalog>().Resolve(deployment);
        }
        catch (OptionsValidationException)
        {
            return deployment;
        }
    }
}
