using AgentWorkflows.Engine.History;
using AgentWorkflows.Engine.Replay;
using AgentWorkflows.Engine.Storage;

namespace AgentWorkflows.Engine.Branching;

/// <summary>What a new instance takes over from a recorded one: whole turns, and results that no turn has seen yet.</summary>
internal static class ForkPlan
{
    /// <param name="Open">A sub-orchestration that the source waits for at this point: then there is no plan.</param>
    public sealed record Result(IReadOnlyList<RecordedEvent> Events, SubOrchestrationScheduled? Open, int OpenSequence);

    /// <param name="upToSequence">The number of the last event that is kept, in the order of <see cref="EmbeddedEngine.GetHistoryAsync"/>.</param>
    public static Result Make(StoredInstance source, int upToSequence, long now)
    {
        var all = EffectiveHistory.All(source.History).Select(stored => stored.Event).ToList();
        var count = Math.Clamp(upToSequence, 0, all.Count - 1) + 1;
        var kept = EffectiveHistory.Of(source.History, count);
        var turn = kept.FindLastIndex(stored => stored.Event is TurnStarted);
        // A turn is kept whole or not at all: cut in the middle, or ended by the end of the instance, it is run again on the same arrivals.
        var isInTurn = kept[^1].Event is TurnStarted || ReplayGate.IsRequest(kept[^1].Event);
        var isCut = count < all.Count && isInTurn && (ReplayGate.IsRequest(all[count]) || IsEnd(all[count]));
        if (turn >= 0 && (isCut || kept.Skip(turn).Any(stored => IsEnd(stored.Event))))
        {
            kept.RemoveRange(turn, kept.Count - turn);
        }
        kept.RemoveAll(stored => IsEnd(stored.Event) || stored.Event is ExecutionTerminated or ExecutionSuspended or ExecutionResumed);
        var state = new InstanceState();
        foreach (var (historyEvent, _) in kept)
        {
            state.Apply(historyEvent);
        }
        if (state.Children.Values.FirstOrDefault() is { } open)
        {
            return new Result([], open, all.LastIndexOf(open, count - 1));
        }
        var lateness = Math.Max(0, now - kept[^1].At);
        var copied = kept.Select(stored => stored with { Event = Postponed(stored.Event, state, lateness) }).ToList();
        copied.Add(new RecordedEvent(new ExecutionForked(source.Row.Id, source.Row.CreatedAt, source.Row.Execution), now));
        return new Result(copied, null, 0);
    }

    /// <summary>A timer that is open at the chosen point keeps the time that was left then: a deadline of long ago would be over at once.</summary>
    private static HistoryEvent Postponed(HistoryEvent historyEvent, InstanceState state, long lateness) =>
        historyEvent is TimerCreated timer && state.Timers.ContainsKey(timer.TaskId)
            ? timer with { FireAt = Math.Min(DateTimeOffset.MaxValue.UtcTicks, timer.FireAt + lateness) }
            : historyEvent;

    private static bool IsEnd(HistoryEvent historyEvent) => historyEvent is ExecutionCompleted or ExecutionFailed;
}
