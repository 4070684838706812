using AgentWorkflows.Compensation;
using AgentWorkflows.Guards;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sessions;

/// <summary>Why a session cannot be forked from a turn.</summary>
internal enum ForkRefusal
{
    /// <summary>The session has not come that far.</summary>
    TurnNotRecorded,

    /// <summary>Some step of the turn has no recorded outcome.</summary>
    TurnNotFinished,

    /// <summary>The turn is the answer: there is nothing to go on with.</summary>
    TurnIsAnswer,

    /// <summary>Something the session did up to the turn was taken back: the record says what is no longer so.</summary>
    TakenBack,

    /// <summary>The session's limits leave no turn after it.</summary>
    NoTurnsLeft,
}

/// <summary>From which turns a session can be forked. Pure.</summary>
internal static class ForkRule
{
    /// <param name="source">The session; <paramref name="turns"/> are its recorded ones.</param>
    /// <param name="takenBack">Compensations of the session and of those it was forked from, up to the turns that were taken over.</param>
    /// <returns>What is wrong and what to do; <c>null</c> when the session can be forked from <paramref name="turn"/>.</returns>
    public static (ForkRefusal Refusal, string Message)? Check(
        SessionRecord source, IReadOnlyList<TranscriptTurn> turns, IEnumerable<CompensationEntry> takenBack, SessionLimits limits, int turn)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(turns);
        ArgumentNullException.ThrowIfNull(limits);
        var last = LastFinished(source, turns);
        var allowed = last == 0 ? "Only turn 0, the start, can be forked from." : $"Turns 0 to {last} can be forked from.";
        if (turns.FirstOrDefault(recorded => recorded.Turn == turn) is not { } at)
        {
            if (turn != 0)
            {
                return (ForkRefusal.TurnNotRecorded, $"Session '{source.Id}' has recorded {turns.Count} turns, so there is no turn {turn}. {allowed}");
            }
        }
        else if (at.Plan.Answer is not null)
        {
            return (ForkRefusal.TurnIsAnswer, $"Turn {turn} of session '{source.Id}' is its answer; there is nothing to go on with after it. {allowed}");
        }
        else if (turn > last)
        {
            return (ForkRefusal.TurnNotFinished, $"Turn {turn} of session '{source.Id}' is not finished: {Open(source, at)}. {allowed}");
        }
        if (source.Progress.Status == SessionStatus.Compensating)
        {
            return (ForkRefusal.TakenBack, $"Session '{source.Id}' is being rolled back, so its record will not be true any more. Wait until that has ended.");
        }
        if (takenBack.FirstOrDefault(entry => entry.Turn <= turn && IsTakenBack(entry)) is { } undone)
        {
            return (ForkRefusal.TakenBack,
                $"{undone.Tool}, run in turn {undone.Turn}, has been taken back since, so the record of that turn is no longer true. Fork from turn {undone.Turn - 1} or earlier.");
        }
        return turn >= limits.MaxIterations
            ? (ForkRefusal.NoTurnsLeft, $"A fork keeps the session's limit of {limits.MaxIterations} turns, so after turn {turn} none is left. Fork from an earlier turn.")
            : null;
    }

    private static int LastFinished(SessionRecord source, IReadOnlyList<TranscriptTurn> turns) => turns
        .Where(turn => turn.Plan.Answer is null && IsFinished(source, turn))
        .Select(turn => turn.Turn).DefaultIfEmpty(0).Max();

    /// <summary>A turn is over when the session is in a later one. The last turn of a session that has ended is, when each of its steps has an outcome.</summary>
    private static bool IsFinished(SessionRecord source, TranscriptTurn turn) =>
        turn.Turn < source.Progress.Turn || (source.Progress.Status.IsTerminal() && Unobserved(turn).Count == 0);

    private static List<string> Unobserved(TranscriptTurn turn) =>
        [.. turn.Plan.Steps.Select(step => step.Id).Where(id => turn.Observations.All(seen => seen.StepId != id))];

    private static string Open(SessionRecord source, TranscriptTurn turn) => Unobserved(turn) is [_, ..] open
        ? $"{string.Join(", ", open.Select(id => $"'{id}'"))} {(open.Count == 1 ? "has" : "have")} no recorded outcome"
        : $"the session is still {source.ShownStatus} in it";

    private static bool IsTakenBack(CompensationEntry entry) => entry.Status is CompensationStatus.Done or CompensationStatus.Unknown;
}
