using AgentWorkflows.Words;

using AgentWorkflows.Workflow.V1;

namespace AgentWorkflows.Guards;

/// <summary>What is remembered of the last turns to notice that a model goes round in circles. Small and bounded.</summary>
internal sealed record LoopState
{
    /// <summary>The last turns, oldest first, at most <see cref="LoopGuard.Window"/>. Turns that only polled are not among them.</summary>
    public IReadOnlyList<TurnPrint> Turns { get; init; } = [];

    /// <summary>Outcomes seen, oldest first, at most <see cref="LoopGuard.MaxOutcomes"/>.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [];

    /// <summary>Turns that repeated something since the last one that brought anything new.</summary>
    public int Repetitions { get; init; }

    /// <summary>What the session had cost before the first of them, in micro-USD.</summary>
    public Micros CostBeforeMicros { get; init; }
}

/// <summary>One turn, as fingerprints.</summary>
/// <param name="Calls">All its calls in order, polling ones left out.</param>
/// <param name="Saying">The reason the model gave; empty when it gave none.</param>
/// <param name="Failed">Some call of it did not succeed, so making it again may be sensible, once.</param>
/// <param name="Stale">It brought no outcome that was not seen before.</param>
internal sealed record TurnPrint(string Calls, string Saying, bool Failed, bool Stale);

/// <summary>What may become of a turn that was just planned.</summary>
internal abstract record LoopVerdict
{
    public sealed record Go : LoopVerdict;

    /// <summary>The calls are not made; the model is told this instead.</summary>
    public sealed record Nudge(string Message, string Suggestion) : LoopVerdict;

    /// <summary>The model was told and went on.</summary>
    public sealed record Stop(string Message) : LoopVerdict;
}
