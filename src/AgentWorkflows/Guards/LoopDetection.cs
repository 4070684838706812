using System.Globalization;

namespace AgentWorkflows.Guards;

/// <summary>One turn as loop detection sees it: short hashes, so that the state stays small.</summary>
/// <param name="Calls">Of the tools and arguments planned, without polling tools.</param>
/// <param name="Text">Of the plan's reason.</param>
/// <param name="Result">Of what came back; empty until it did.</param>
public sealed record RecentTurn(int Turn, string Calls, string Text, string Result)
{
    /// <summary>Something did not succeed: planning the same again once is no loop.</summary>
    public bool Failed { get; init; }
}

public sealed record LoopState
{
    /// <summary>The last turns, oldest first.</summary>
    public IReadOnlyList<RecentTurn> Recent { get; init; } = [];

    /// <summary>The turn in which the model was told; 0 when it was not.</summary>
    public int NudgedAtTurn { get; init; }

    /// <summary>Since then.</summary>
    public int Repetitions { get; init; }
}

public abstract record LoopVerdict
{
    public sealed record None : LoopVerdict;

    /// <summary>The calls are not run; the model is told why and what to do instead.</summary>
    public sealed record Nudge(string Message) : LoopVerdict;

    public sealed record Stop(string Message) : LoopVerdict;
}

/// <summary>
/// Tells a session that goes round in circles from one that works: the same calls again, a cycle of 2 to 4 turns, the same words over and over, or nothing new coming
/// back. First the model is told; at the second repetition after that the session ends. Pure.
/// </summary>
public static class LoopDetection
{
    public const int MaxRecent = 12;
    public const int MaxRepetitions = 2;
    private const int LongestCycle = 4;
    private const int SameText = 4;
    private const int NothingNew = 4;

    /// <param name="planned">The turn about to run; its <see cref="RecentTurn.Calls"/> is empty when all its tools are polling ones.</param>
    public static (LoopState State, LoopVerdict Verdict) Check(LoopState state, RecentTurn planned)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(planned);
        if (planned.Calls.Length == 0)
        {
            return (state, new LoopVerdict.None());
        }
        RecentTurn[] turns = [.. state.Recent, planned];
        var next = state with { Recent = [.. turns.TakeLast(MaxRecent)] };
        if (Problem(turns) is not { } problem)
        {
            return (next, new LoopVerdict.None());
        }
        if (state.NudgedAtTurn == 0)
        {
            return (next with { NudgedAtTurn = planned.Turn }, new LoopVerdict.Nudge(problem));
        }
        next = next with { Repetitions = state.Repetitions + 1 };
        return next.Repetitions >= MaxRepetitions
            ? (next, new LoopVerdict.Stop($"{problem} It was told so in turn {state.NudgedAtTurn} and went on."))
            : (next, new LoopVerdict.Nudge(problem));
    }

    /// <summary>Adds to the last turn what came of one of its calls.</summary>
    public static LoopState Observe(LoopState state, int turn, string result, bool failed)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Recent is [.., { } last] && last.Turn == turn
            ? state with { Recent = [.. state.Recent.SkipLast(1), last with { Result = Combined(last.Result, result), Failed = last.Failed || failed }] }
            : state;
    }

    /// <summary>The results of a turn's calls in any order: reads that run at once come back as they like.</summary>
    private static string Combined(string before, string result) => before.Length == 0
        ? result
        : (Number(before) ^ Number(result)).ToString("x16", CultureInfo.InvariantCulture);

    private static ulong Number(string hash) => ulong.TryParse(hash, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string? Problem(RecentTurn[] turns)
    {
        var last = turns[^1];
        if (turns is [.., { } before, _] && before.Calls == last.Calls && !(before.Failed && (turns.Length < 3 || turns[^3].Calls != last.Calls)))
        {
            return "The same calls with the same arguments are planned again.";
        }
        for (var period = 2; period <= LongestCycle; period++)
        {
            if (turns.Length >= 2 * period && Enumerable.Range(1, period).All(i => turns[^i].Calls == turns[^(i + period)].Calls))
            {
                return $"The same {period} plans follow each other in a circle.";
            }
        }
        if (last.Text.Length > 0 && turns.Length >= SameText && turns.TakeLast(SameText).All(turn => turn.Text == last.Text))
        {
            return $"The same reason is given for {SameText} plans in a row.";
        }
        var earlier = turns.SkipLast(NothingNew + 1).Select(turn => turn.Result).Where(result => result.Length > 0).ToHashSet(StringComparer.Ordinal);
        var recent = turns.SkipLast(1).TakeLast(NothingNew).ToList();
        return recent.Count == NothingNew && recent.TrueForAll(turn => earlier.Contains(turn.Result)) ? $"The last {NothingNew} plans brought nothing new." : null;
    }
}
