using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>What every activity of a session is given.</summary>
public sealed record StepContext(SessionRef Session, int Turn, SessionProgress Progress);
