using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Costs;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <summary>From the product's records to what the API shows of them.</summary>
internal static class SessionMapping
{
    public static SessionResponse ToResponse(SessionView view) =>
        ToResponse(view.Session, view.Status, view.Phase, view.Failure, view.PendingApprovals, view.Compensations);

    /// <summary>For readers without an engine: the session as its last step stored it.</summary>
    public static SessionResponse ToResponse(SessionRecord session, IReadOnlyList<ApprovalRequest> pending) => ToResponse(
        session, session.ShownStatus, session.Progress.Phase, session.Progress.Failure, pending, session.Progress.Compensations);

    public static SessionSummary ToSummary(SessionRecord session) => new(
        session.Id, session.Agent, session.Goal, session.TaskType, session.UserId, session.ShownStatus.ToString(), session.Progress.Phase,
        session.Progress.Turn, ApiJson.Usd(session.Progress.CostMicros), session.Progress.Tokens, session.CreatedAt, session.UpdatedAt, ToResponse(session.ForkedFrom));

    public static TimelineItem ToItem(TimelineEntry entry) => new()
    {
        Sequence = entry.Sequence,
        Turn = entry.Turn,
        Kind = entry.Kind.ToString(),
        Title = entry.Title,
        Status = entry.Status,
        At = entry.At,
        DurationMs = entry.Duration?.TotalMilliseconds,
        Tool = entry.Tool,
        StepId = entry.StepId,
        CostUsd = ApiJson.Usd(entry.CostMicros),
        Tokens = entry.Tokens,
        Detail = entry.Detail,
    };

    /// <param name="agent">The session's snapshot; <c>null</c> when it is gone.</param>
    public static SavingsResponse? ToSavings(IReadOnlyList<LedgerEntry> entries, AgentDefinition? agent, Func<string, string> resolve) =>
        agent is not null && RoutingSavings.Of(entries, agent, resolve) is { } savings
            ? new SavingsResponse(savings.DearestModel, ApiJson.Usd(savings.BaselineMicros), ApiJson.Usd(savings.SavedMicros), savings.CacheHits)
            : null;

    public static LedgerResponse ToLedger(string sessionId, IReadOnlyList<LedgerEntry> entries) => new(
        sessionId,
        ApiJson.Usd(entries.Where(entry => entry.Status == LedgerEntryStatus.Settled).Sum(entry => entry.CostMicros)),
        ApiJson.Usd(entries.Where(entry => entry.Status == LedgerEntryStatus.Reserved).Sum(entry => entry.ReservedMicros)),
        [.. entries.Select(ToItem)]);

    private static SessionResponse ToResponse(
        SessionRecord session, SessionStatus status, string phase, SessionFailure? failure,
        IReadOnlyList<ApprovalRequest> pending, IReadOnlyList<CompensationEntry> compensations) => new()
        {
            Id = session.Id,
            Agent = session.Agent,
            Goal = session.Goal,
            TaskType = session.TaskType,
            UserId = session.UserId,
            AgentVersion = session.AgentVersion,
            SnapshotHash = session.SnapshotHash,
            Status = status.ToString(),
            Phase = phase,
            Turn = session.Progress.Turn,
            ToolCalls = session.Progress.ToolCalls,
            CostUsd = ApiJson.Usd(session.Progress.CostMicros),
            Tokens = session.Progress.Tokens,
            Answer = session.Progress.Answer,
            Failure = failure is null ? null : new FailureResponse(failure.Category.ToString(), failure.Type, failure.Message),
            PendingApprovals =
            [
                .. pending.Select(approval => new PendingApprovalResponse(
                    approval.Id, approval.Tool, approval.Arguments, approval.ArgumentsHash, SnakeCase.Of(approval.Tier), approval.ExpiresAt)),
            ],
            Compensations =
            [
                .. compensations.Select(entry => new CompensationResponse(
                    entry.Turn, entry.StepId, entry.Tool, SnakeCase.Of(entry.Tier), entry.Action.ToString(), entry.Status.ToString(), entry.Message)),
            ],
            ForkedFrom = ToResponse(session.ForkedFrom),
            Feedback = session.Feedback is { } given ? new FeedbackResponse(SnakeCase.Of(given.Rating), given.Comment, given.By, given.At) : null,
            WaitedSeconds = Math.Round(session.Progress.Waited?.TotalSeconds ?? 0, 3),
            // A request is in the store before its session says that it waits, and decided before the session says that it goes on.
            WaitingSince = pending.Count > 0 ? pending.Min(approval => approval.RequestedAt) : status.IsTerminal() ? session.Progress.WaitingSince : null,
            CreatedAt = session.CreatedAt,
            UpdatedAt = session.UpdatedAt,
        };

    public static ForkSourceResponse? ToResponse(ForkSource? source) => source is null ? null : new ForkSourceResponse(source.SessionId, source.Turn);

    private static LedgerItem ToItem(LedgerEntry entry) => new()
    {
        Id = entry.Entry.Id,
        Turn = entry.Entry.Turn,
        Kind = entry.Entry.Kind.ToString(),
        Subject = entry.Entry.Subject,
        Purpose = entry.Entry.Purpose,
        Status = entry.Status.ToString(),
        ReservedUsd = ApiJson.Usd(entry.ReservedMicros),
        CostUsd = ApiJson.Usd(entry.CostMicros),
        InputTokens = entry.Actual?.InputTokens ?? 0,
        CachedInputTokens = entry.Actual?.CachedInputTokens ?? 0,
        OutputTokens = entry.Actual?.OutputTokens ?? 0,
        PriceSheetVersion = entry.Actual?.PriceSheetVersion,
        InDoubt = entry.Actual?.InDoubt ?? false,
        Disbelieved = entry.Actual?.Disbelieved,
        Expired = entry.Expired,
        Prices = entry.Actual?.Prices is { } prices
            ? new UnitPricesResponse(ApiJson.Usd(prices.Input), ApiJson.Usd(prices.CachedInput), ApiJson.Usd(prices.Output), ApiJson.Usd(prices.PerCall))
            : null,
        ReservedAt = entry.ReservedAt,
        SettledAt = entry.SettledAt,
    };
}
