using System.Text.Json.Serialization;
using AgentWorkflows.Compensation;
using AgentWorkflows.Guards;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow;

/// <summary>What a session's orchestration is started with, and continues with as new.</summary>
internal sealed record SessionInput
{
    public required SessionRef Session { get; init; }

    public required SessionLimits Limits { get; init; }

    public required RollbackPolicy Rollback { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Only in the first execution: afterwards the goal and the context are in the session store.</summary>
    public SessionOpening? Opening { get; init; }

    /// <summary>The goal is judged simple or complex before the first plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Classify { get; init; }

    /// <summary>
    /// A limit after an effect takes back what was done, where the rollback policy says so of halts. False in histories that were recorded before that was so: there the
    /// effect stands, and the session ends partially.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LimitsTakeBack { get; init; }

    public SessionState State { get; init; } = new();
}

/// <summary>What the session's orchestration returns.</summary>
internal sealed record SessionResult(SessionStatus Status, string? Answer, SessionFailure? Failure, SessionState State);
