using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sessions;

/// <summary>A session as of now: the stored record, corrected by what the durable engine knows (suspended, failed outside the product's code, terminated).</summary>
public sealed record SessionView
{
    public required SessionRecord Session { get; init; }

    public required SessionStatus Status { get; init; }

    public required string Phase { get; init; }

    public SessionFailure? Failure { get; init; }

    public IReadOnlyList<ApprovalRequest> PendingApprovals { get; init; } = [];

    public IReadOnlyList<CompensationEntry> Compensations { get; init; } = [];
}

/// <summary>What a caller asks for. Limits may only lower the agent's.</summary>
public sealed record StartSessionRequest
{
    public const int MaxGoalLength = 8000;
    public const int MaxContextBytes = 16 * 1024;

    public required string Agent { get; init; }

    public required string Goal { get; init; }

    /// <summary>A JSON object; must have the keys the agent requires. <c>user_id</c> names the user whose caps apply.</summary>
    public required JsonElement Context { get; init; }

    public string TaskType { get; init; } = "general";

    public RequestedLimits Limits { get; init; } = new();

    /// <summary>1 to 100 letters, digits, <c>. _ -</c>. Default: a new id.</summary>
    public string? SessionId { get; init; }
}

/// <summary>Each absent value keeps the agent's.</summary>
public sealed record RequestedLimits
{
    public decimal? MaxCostUsd { get; init; }

    public int? MaxIterations { get; init; }

    public int? MaxToolCalls { get; init; }

    public int? MaxTokens { get; init; }

    public int? MaxAgeSeconds { get; init; }

    public int? MaxRetries { get; init; }
}

/// <summary>What became of a request to start a session.</summary>
public abstract record StartSessionOutcome
{
    /// <summary>It is recorded durably and will run.</summary>
    public sealed record Started(string SessionId) : StartSessionOutcome;

    /// <summary>There is a session of that id; this call started nothing.</summary>
    public sealed record AlreadyExists(string SessionId) : StartSessionOutcome;

    /// <summary>Every problem at once; nothing was started.</summary>
    public sealed record Invalid(IReadOnlyList<RequestProblem> Problems) : StartSessionOutcome;
}

/// <param name="Code">Stable, snake_case, such as <c>missing_context_key</c>.</param>
/// <param name="Path">JSON path in the request, such as <c>$.context.user_id</c>.</param>
public sealed record RequestProblem(string Code, string Path, string Message);

/// <summary>What became of a request to suspend, resume or terminate a session.</summary>
public enum LifecycleOutcome
{
    Accepted,
    NotFound,
    AlreadyFinished,
}
