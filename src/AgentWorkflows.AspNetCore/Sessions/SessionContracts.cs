using System.Text.Json;

namespace AgentWorkflows.AspNetCore.Sessions;

/// <summary>The answer to a start: where the session can be followed and acted on.</summary>
internal sealed record StartedResponse(
    string Id, string StatusUrl, string TimelineUrl, string TranscriptUrl, string LedgerUrl, string ApprovalsUrl, string SuspendUrl, string ResumeUrl, string TerminateUrl,
    string RollbackUrl, string ForkUrl)
{
    /// <summary>Only after a fork.</summary>
    public ForkSourceResponse? ForkedFrom { get; init; }

    /// <summary>Only after a termination with rollback: <c>started</c>, <c>nothing_to_do</c>, <c>too_late</c>, <c>not_started</c>.</summary>
    public string? Rollback { get; init; }

    /// <param name="pathBase">What the addresses of the server begin with, as behind a proxy.</param>
    public static StartedResponse For(string id, string pathBase = "")
    {
        var url = Url(id, pathBase);
        return new StartedResponse(
            id, url, $"{url}/timeline", $"{url}/transcript", $"{url}/ledger", $"{pathBase}/api/approvals?session={id}", $"{url}/suspend", $"{url}/resume", $"{url}/terminate",
            $"{url}/rollback", $"{url}/fork");
    }

    public static string Url(string id, string pathBase) => $"{pathBase}/api/sessions/{id}";
}

/// <summary>One session in full.</summary>
internal sealed record SessionResponse
{
    public required string Id { get; init; }

    public required string Agent { get; init; }

    public required string Goal { get; init; }

    public required string TaskType { get; init; }

    public string UserId { get; init; } = "";

    public string AgentVersion { get; init; } = "";

    public string SnapshotHash { get; init; } = "";

    public required string Status { get; init; }

    public required string Phase { get; init; }

    public required int Turn { get; init; }

    public int ToolCalls { get; init; }

    public required decimal CostUsd { get; init; }

    public required int Tokens { get; init; }

    public string? Answer { get; init; }

    public FailureResponse? Failure { get; init; }

    public IReadOnlyList<PendingApprovalResponse> PendingApprovals { get; init; } = [];

    public IReadOnlyList<CompensationResponse> Compensations { get; init; } = [];

    /// <summary>Absent for a session that started at its goal.</summary>
    public ForkSourceResponse? ForkedFrom { get; init; }

    public FeedbackResponse? Feedback { get; init; }

    /// <summary>How long people took to decide, the wait under way left out. It is no part of the session's age.</summary>
    public double WaitedSeconds { get; init; }

    /// <summary>Absent unless a person is asked, or was when the session was ended.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <param name="Turn">The last turn that was taken over from there.</param>
internal sealed record ForkSourceResponse(string SessionId, int Turn);

internal sealed record FeedbackResponse(string Rating, string? Comment, string By, DateTimeOffset At);

internal sealed record FailureResponse(string Category, string Type, string Message);

internal sealed record PendingApprovalResponse(
    string Id, string Tool, JsonElement Arguments, string ArgumentsHash, string Tier, DateTimeOffset ExpiresAt);

/// <param name="Action"><c>Done</c> or <c>Unknown</c>: whether the action is known to have taken effect; <c>NotDone</c>: it did not.</param>
internal sealed record CompensationResponse(int Turn, string StepId, string Tool, string Tier, string Action, string Status, string? Message);

internal sealed record SessionListResponse(IReadOnlyList<SessionSummary> Sessions, string? Cursor);

/// <summary>One session in a list.</summary>
internal sealed record SessionSummary(
    string Id, string Agent, string Goal, string TaskType, string UserId, string Status, string Phase, int Turn,
    decimal CostUsd, int Tokens, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, ForkSourceResponse? ForkedFrom = null);

/// <param name="After">Pass back as <c>?after=</c> for what has happened since.</param>
internal sealed record TimelineResponse(IReadOnlyList<TimelineItem> Entries, long After);

internal sealed record TimelineItem
{
    public required long Sequence { get; init; }

    public required int Turn { get; init; }

    public required string Kind { get; init; }

    public required string Title { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset At { get; init; }

    public double? DurationMs { get; init; }

    public string? Tool { get; init; }

    public string? StepId { get; init; }

    public required decimal CostUsd { get; init; }

    public required int Tokens { get; init; }

    public JsonElement? Detail { get; init; }
}

/// <param name="TotalUsd">Settled entries only.</param>
/// <param name="ReservedUsd">Held for calls that have not been settled.</param>
internal sealed record LedgerResponse(string SessionId, decimal TotalUsd, decimal ReservedUsd, IReadOnlyList<LedgerItem> Entries)
{
    /// <summary>What routing and the answer cache saved against the dearest model the agent uses; left out where there is nothing to compare.</summary>
    public SavingsResponse? Savings { get; init; }
}

internal sealed record SavingsResponse(string DearestModel, decimal BaselineUsd, decimal SavedUsd, int CacheHits);

internal sealed record LedgerItem
{
    public required string Id { get; init; }

    public required int Turn { get; init; }

    public required string Kind { get; init; }

    public required string Subject { get; init; }

    public required string Purpose { get; init; }

    public required string Status { get; init; }

    public required decimal ReservedUsd { get; init; }

    public required decimal CostUsd { get; init; }

    public int InputTokens { get; init; }

    public int CachedInputTokens { get; init; }

    public int OutputTokens { get; init; }

    public string? PriceSheetVersion { get; init; }

    public bool InDoubt { get; init; }

    /// <summary>Which counts of the provider were more than the call can have had, and what is charged instead.</summary>
    public string? Disbelieved { get; init; }

    /// <summary>Nobody settled or released the reservation in time.</summary>
    public bool Expired { get; init; }

    /// <summary>The prices of then; absent for tools.</summary>
    public UnitPricesResponse? Prices { get; init; }

    public required DateTimeOffset ReservedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }
}

/// <summary>USD per million tokens, and per call.</summary>
internal sealed record UnitPricesResponse(decimal InputUsd, decimal CachedInputUsd, decimal OutputUsd, decimal PerCallUsd);
