namespace AgentWorkflows.Record;

/// <summary>
/// That a session is to be ended from outside. Recorded before anything is done about it and forgotten when all of it is done, so that whoever comes next, the next start
/// included, finishes what a process that died has begun.
/// </summary>
/// <param name="RollBack">What the session did is to be taken back too.</param>
public sealed record SessionEnding(string SessionId, string? Reason, bool RollBack, DateTimeOffset AskedAt);
