using AgentWorkflows.Durability;
using AgentWorkflows.Engine.History;

namespace AgentWorkflows.Engine.Replay;

/// <summary>What a turn came to.</summary>
internal abstract record TurnOutcome
{
    /// <summary>The orchestrator awaits something that history will answer.</summary>
    public sealed record Waiting : TurnOutcome
    {
        public static readonly Waiting Instance = new();
    }

    public sealed record Completed(ReadOnlyMemory<byte> Output) : TurnOutcome;

    public sealed record Failed(FailureDetails Failure) : TurnOutcome;

    public sealed record ContinuedAsNew(ReadOnlyMemory<byte> Input, IReadOnlyList<EventRaised> KeptEvents) : TurnOutcome;

    /// <summary>The code did not do what history says. Nothing of this turn may be recorded.</summary>
    public sealed record Diverged(FailureDetails Failure) : TurnOutcome;
}

/// <summary>What one turn asked for, in order: filled by the context, recorded by the runner.</summary>
internal sealed class TurnRequests
{
    public List<HistoryEvent> Events { get; } = [];

    public List<(SubOrchestrationScheduled Scheduled, ReadOnlyMemory<byte> Input)> Children { get; } = [];

    public ReadOnlyMemory<byte>? CustomStatus { get; set; }

    public void Clear()
    {
        Events.Clear();
        Children.Clear();
        CustomStatus = null;
    }
}

/// <summary>Who runs: what stays the same for the whole execution.</summary>
internal sealed record ExecutionIdentity(
    string InstanceId, int Execution, long CreatedAt, string Name, string Version, string? ParentInstanceId, ReadOnlyMemory<byte> Input);

/// <summary>Limits and defaults an orchestrator can run into.</summary>
internal sealed record ExecutionLimits(int MaxPayloadBytes, string DefaultVersion)
{
    public const int MaxCustomStatusBytes = 16 * 1024;
}
