using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>What every activity of a session is given.</summary>
internal sealed record StepContext(SessionRef Session, int Turn, SessionProgress Progress);
