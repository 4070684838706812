using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.History;

/// <summary>
/// One thing that happened to an instance. A closed set: the codec, <see cref="InstanceState"/> and the replay switch over all of it.
/// Order within an execution: what arrived, then <see cref="TurnStarted"/> (everything that arrived since the last turn is
/// handed to the orchestrator, in order), then what the orchestrator asked for in that turn.
/// </summary>
internal abstract record HistoryEvent;

/// <summary>First event of every execution, also after continue-as-new.</summary>
internal sealed record ExecutionStarted(string Name, string Version, ReadOnlyMemory<byte> Input) : HistoryEvent;

/// <summary>The orchestrator ran. Its clock stood at <paramref name="At"/> (UTC ticks) for the whole turn, and does so again on replay.</summary>
internal sealed record TurnStarted(long At) : HistoryEvent;

internal sealed record TaskScheduled(int TaskId, string Name, ReadOnlyMemory<byte> Input) : HistoryEvent;

internal sealed record TaskCompleted(int TaskId, ReadOnlyMemory<byte> Output) : HistoryEvent;

internal sealed record TaskFailed(int TaskId, FailureDetails Failure) : HistoryEvent;

internal sealed record TimerCreated(int TaskId, long FireAt) : HistoryEvent;

internal sealed record TimerFired(int TaskId) : HistoryEvent;

internal sealed record TimerCancelled(int TaskId) : HistoryEvent;

/// <summary>The child's input is in the child's own history.</summary>
internal sealed record SubOrchestrationScheduled(int TaskId, string Name, string Version, string InstanceId) : HistoryEvent;

internal sealed record SubOrchestrationCompleted(int TaskId, ReadOnlyMemory<byte> Output) : HistoryEvent;

internal sealed record SubOrchestrationFailed(int TaskId, FailureDetails Failure) : HistoryEvent;

internal sealed record EventRaised(string Name, ReadOnlyMemory<byte> Payload) : HistoryEvent;

internal sealed record ExecutionSuspended(string? Reason) : HistoryEvent;

internal sealed record ExecutionResumed(string? Reason) : HistoryEvent;

internal sealed record ExecutionCompleted(ReadOnlyMemory<byte> Output) : HistoryEvent;

internal sealed record ExecutionFailed(FailureDetails Failure) : HistoryEvent;

internal sealed record ExecutionTerminated(string? Reason) : HistoryEvent;

/// <summary>
/// Everything before it was copied from another instance. Ids that the orchestrator derived there were derived from that instance's identity, and
/// so they are again on replay; from here on its own counts.
/// </summary>
internal sealed record ExecutionForked(string InstanceId, long CreatedAt, int Execution) : HistoryEvent;

/// <summary>Of the events that counted before it, only the first <paramref name="Kept"/> still do. The others stay in history and mean nothing any more.</summary>
internal sealed record ExecutionRewound(int Kept, string? Reason) : HistoryEvent;
