using AgentWorkflows.Compensation;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sessions;

/// <summary>A session as it stood when one of its turns had ended: before any later turn, and before any rollback.</summary>
internal sealed record TurnState
{
    /// <summary>0: as it was started.</summary>
    public required int Turn { get; init; }

    public required int LastTurn { get; init; }

    /// <summary>The time of the turn's last entry.</summary>
    public required DateTimeOffset At { get; init; }

    public required Micros CostMicros { get; init; }

    public required int Tokens { get; init; }

    public required int ToolCalls { get; init; }

    public required int Retries { get; init; }

    public required IReadOnlyDictionary<string, int> CallsByTool { get; init; }

    /// <summary>The saga stack of then: registered, not needed or irreversible; nothing was compensated yet.</summary>
    public required IReadOnlyList<CompensationEntry> Saga { get; init; }

    /// <summary>What the model would have read next.</summary>
    public required IReadOnlyList<InspectedTurn> Transcript { get; init; }
}

/// <summary>Rebuilds a past state from the timeline and the documents. Pure.</summary>
internal static class TurnStates
{
    /// <param name="transcript">At least up to and including <paramref name="turn"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The session has no such turn.</exception>
    public static TurnState Of(SessionRecord session, IReadOnlyList<TimelineEntry> timeline, SessionTranscript transcript, int turn)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentOutOfRangeException.ThrowIfNegative(turn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(turn, session.Progress.Turn);
        // What takes things back carries the turn of its action, and the end that of the last turn: neither had happened yet.
        var until = timeline.Where(entry => entry.Turn <= turn && entry.Kind is not (TimelineKind.Compensation or TimelineKind.Outcome)).ToList();
        var acts = until.Where(entry => entry.Kind == TimelineKind.Act).ToList();
        var calls = acts.DistinctBy(entry => (entry.Turn, entry.StepId)).ToList();
        return new TurnState
        {
            Turn = turn,
            LastTurn = session.Progress.Turn,
            At = until.Count > 0 ? until.Max(entry => entry.At) : session.CreatedAt,
            CostMicros = until.Sum(entry => entry.CostMicros),
            Tokens = until.Sum(entry => entry.Tokens),
            ToolCalls = calls.Count,
            Retries = acts.Count - calls.Count + RepeatedPlans(until),
            CallsByTool = calls.GroupBy(entry => entry.Tool ?? "").ToDictionary(tool => tool.Key, tool => tool.Count(), StringComparer.Ordinal),
            Saga = [.. session.Progress.Compensations.Where(entry => entry.Turn <= turn).Select(BeforeRollback)],
            Transcript = [.. transcript.Turns.Where(read => read.Turn <= turn)],
        };
    }

    private static int RepeatedPlans(List<TimelineEntry> until) =>
        until.Where(entry => entry.Kind == TimelineKind.Plan && !IsBesideThePlan(entry)).GroupBy(entry => entry.Turn).Sum(plans => plans.Count() - 1);

    private static bool IsBesideThePlan(TimelineEntry entry) =>
        entry.Key.StartsWith($"{entry.Turn}/answer/", StringComparison.Ordinal) || entry.Key.StartsWith($"{entry.Turn}/classify/", StringComparison.Ordinal);

    private static CompensationEntry BeforeRollback(CompensationEntry entry) => entry with
    {
        Status = entry.Status is CompensationStatus.NotNeeded ? CompensationStatus.NotNeeded : CompensationStatus.Registered,
        Message = null,
    };
}
