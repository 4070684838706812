using AgentWorkflows.Screening;

namespace AgentWorkflows.Words;

/// <summary>Where a session stands, as people and the API see it.</summary>
public enum SessionStatus
{
    Pending,
    Running,
    AwaitingApproval,
    Suspended,
    Compensating,

    /// <summary>The goal was answered.</summary>
    Completed,

    /// <summary>A limit was hit; a partial answer was kept.</summary>
    CompletedPartially,

    /// <summary>A guard stopped it.</summary>
    Halted,

    /// <summary>A person's rejection ended it.</summary>
    Rejected,
    Failed,

    /// <summary>What it had done was taken back.</summary>
    RolledBack,

    /// <summary>A compensation failed or an effect is irreversible; a person is told what to do.</summary>
    RollbackIncomplete,
    Terminated,
}

internal static class SessionStatusExtensions
{
    public static bool IsTerminal(this SessionStatus status) => status >= SessionStatus.Completed;
}

internal static class SessionStatuses
{
    public static IReadOnlyCollection<SessionStatus> Ended { get; } = [.. Enum.GetValues<SessionStatus>().Where(status => status.IsTerminal())];

    public static IReadOnlyCollection<SessionStatus> NotEnded { get; } = [.. Enum.GetValues<SessionStatus>().Where(status => !status.IsTerminal())];

    /// <summary>Those that ought to take steps: not held, and not waiting for a person.</summary>
    public static IReadOnlyCollection<SessionStatus> UnderWay { get; } = [SessionStatus.Pending, SessionStatus.Running, SessionStatus.Compensating];
}

/// <summary>What went wrong, for metrics and reports.</summary>
public enum FailureCategory
{
    /// <summary>A cost, token, time or iteration limit.</summary>
    Budget,

    /// <summary>Output that is wrong, invalid or repeats itself.</summary>
    Quality,

    /// <summary>A tool, model or host did not work.</summary>
    System,

    /// <summary>Missing, stale or poisoned context.</summary>
    Context,
}

/// <param name="Type">A stable snake_case code, such as <c>max_iterations</c>.</param>
public sealed record SessionFailure(FailureCategory Category, string Type, string Message)
{
    /// <summary>
    /// For whoever writes a failure where others read it: it may say what a model, a tool or a person said. Never in replayed code, whose results are compared with what was
    /// recorded: a pattern that is new today would make them differ.
    /// </summary>
    public static SessionFailure Redacted(FailureCategory category, string type, string message) => new(category, type, Redaction.Text(message));

    /// <inheritdoc cref="Redacted(FailureCategory, string, string)"/>
    public SessionFailure Redacted() => this with { Message = Redaction.Text(Message) };
}
