namespace AgentWorkflows.Engine.History;

/// <summary>The codes of events on disk. A code is never reused or given another meaning; a new event gets a new code.</summary>
internal enum HistoryKind : byte
{
    ExecutionStarted = 1,
    TurnStarted = 2,
    TaskScheduled = 3,
    TaskCompleted = 4,
    TaskFailed = 5,
    TimerCreated = 6,
    TimerFired = 7,
    TimerCancelled = 8,
    SubOrchestrationScheduled = 9,
    SubOrchestrationCompleted = 10,
    SubOrchestrationFailed = 11,
    EventRaised = 12,
    ExecutionSuspended = 13,
    ExecutionResumed = 14,
    ExecutionCompleted = 15,
    ExecutionFailed = 16,
    ExecutionTerminated = 17,
    ExecutionForked = 18,
    ExecutionRewound = 19,
}
