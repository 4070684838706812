using AgentWorkflows.Guards;
using AgentWorkflows.Words;

namespace AgentWorkflows.Workflow.V1;

/// <summary>
/// Notices a model that repeats itself: the same calls as in the turn before (twice, when they failed), calls that alternate with a period of 2 to 4 turns, and
/// turns that bring nothing new (three in a row, two when the model also says the same). Told once, it may repeat itself once more; the second repetition after
/// that ends the session. None of the repeated calls is made. Pure.
/// </summary>
internal static class LoopGuard
{
    public const int Window = 8;
    public const int MaxOutcomes = 64;
    private const int LongestPeriod = 4;
    private const int StaleTurns = 3;
    private const int StaleTurnsSayingTheSame = 2;
    private const int RepetitionsToStop = 3;

    /// <summary>Judges a turn that was planned and gated, before any of its calls is made.</summary>
    /// <param name="calls">Fingerprints of its calls, polling ones left out; a turn without any is not judged.</param>
    /// <param name="saying">Fingerprint of the reason the model gave.</param>
    /// <param name="costBeforeMicros">What the session had cost before this turn was planned.</param>
    /// <param name="costMicros">What it has cost now.</param>
    public static (LoopState State, LoopVerdict Verdict) Judge(
        LoopState state, IReadOnlyList<string> calls, string saying, Micros costBeforeMicros, Micros costMicros)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(calls);
        if (calls.Count == 0)
        {
            return (state, new LoopVerdict.Go());
        }
        var turn = new TurnPrint(string.Join(' ', calls), saying, Failed: false, Stale: true);
        var repeats = Describe(state.Turns, turn);
        if (repeats is null)
        {
            var fresh = state.Turns is [.., { Stale: false }] ? state with { Repetitions = 0 } : state;
            return (Append(fresh, turn), new LoopVerdict.Go());
        }
        var repeated = Append(state, turn) with
        {
            Repetitions = state.Repetitions + 1,
            CostBeforeMicros = state.Repetitions == 0 ? costBeforeMicros : state.CostBeforeMicros,
        };
        return (repeated, VerdictOf(repeated, repeats, costMicros));
    }

    /// <summary>Takes note of what became of a call of the turn last judged.</summary>
    /// <param name="changesSomething">A call that changed something in the world is never a repetition of what was known.</param>
    public static LoopState Saw(LoopState state, string outcome, bool succeeded, bool changesSomething)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Turns.Count == 0 || outcome.Length == 0)
        {
            return state;
        }
        var isNew = !state.Outcomes.Contains(outcome);
        var last = state.Turns[^1];
        return state with
        {
            Outcomes = isNew ? [.. state.Outcomes.TakeLast(MaxOutcomes - 1), outcome] : state.Outcomes,
            Turns = [.. state.Turns.SkipLast(1), last with
            {
                Failed = last.Failed || !succeeded,
                Stale = last.Stale && !isNew && !(changesSomething && succeeded),
            }],
        };
    }

    private static LoopState Append(LoopState state, TurnPrint turn) => state with { Turns = [.. state.Turns.TakeLast(Window - 1), turn] };

    private static string? Describe(IReadOnlyList<TurnPrint> before, TurnPrint turn)
    {
        if (before is [.., var last] && last.Calls == turn.Calls && (!last.Failed || before is [.., var earlier, _] && earlier.Calls == turn.Calls))
        {
            return "The calls are the same, with the same arguments, as in the turn before";
        }
        for (var period = 2; period <= LongestPeriod; period++)
        {
            if (Alternates([.. before, turn], period))
            {
                return $"The same calls come round every {period} turns";
            }
        }
        return BringsNothing(before, turn) ? "The last turns brought nothing that was not known before" : null;
    }

    private static bool Alternates(IReadOnlyList<TurnPrint> turns, int period)
    {
        if (turns.Count < 2 * period || turns[^1].Calls == turns[^2].Calls)
        {
            return false;
        }
        return Enumerable.Range(1, period).All(back => turns[^back].Calls == turns[^(back + period)].Calls);
    }

    private static bool BringsNothing(IReadOnlyList<TurnPrint> before, TurnPrint turn)
    {
        var stale = before.Reverse().TakeWhile(earlier => earlier.Stale).ToList();
        var same = turn.Saying.Length > 0 ? stale.TakeWhile(earlier => earlier.Saying == turn.Saying).Count() : 0;
        return stale.Count >= StaleTurns || same >= StaleTurnsSayingTheSame;
    }

    private static LoopVerdict VerdictOf(LoopState state, string repeats, Micros costMicros)
    {
        if (state.Repetitions >= RepetitionsToStop)
        {
            return new LoopVerdict.Stop(FormattableString.Invariant(
                $"{repeats}, and the model went on after it was told so. Its {state.Repetitions} repetitions cost {(costMicros - state.CostBeforeMicros).Usd:0.000000} USD; none of the repeated calls was made."));
        }
        return new LoopVerdict.Nudge(
            $"Not made: {char.ToLowerInvariant(repeats[0])}{repeats[1..]}.",
            "Use the results you have. Try something else, or answer with what is known and say what is missing."
                + (state.Repetitions > 1 ? " The session ends when this happens again." : ""));
    }
}
