using System.Text.Json;
using AgentWorkflows.Words;

namespace AgentWorkflows.Evals;

/// <summary>What one trial of a case came to, before it is judged.</summary>
internal sealed record TrialRecord
{
    public required SessionStatus Status { get; init; }

    public SessionFailure? Failure { get; init; }

    public string Answer { get; init; } = "";

    /// <summary>Every planned call, in order.</summary>
    public IReadOnlyList<TrialCall> Calls { get; init; } = [];

    /// <summary>Tools that a person was asked about, in order.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    public Micros CostMicros { get; init; }

    public int Tokens { get; init; }

    public int Turns { get; init; }

    public TimeSpan Latency { get; init; }

    /// <summary>As <see cref="Expectations.State"/> asks; <c>null</c> where the tool answered a failure.</summary>
    public IReadOnlyList<JsonElement?> State { get; init; } = [];

    public IReadOnlyList<JsonElement?> AfterRollback { get; init; } = [];

    public JudgeVerdict? Verdict { get; init; }

    /// <summary>Calls that nothing answered, with the nearest that was recorded: the trial fails.</summary>
    public IReadOnlyList<string> Unanswered { get; init; } = [];
}

/// <param name="Ran">It reached the tool, or what stands for it.</param>
internal sealed record TrialCall(int Turn, string StepId, string Tool, JsonElement Arguments, bool Ran, JsonElement? Result);

/// <param name="Version">Of the question and the deployment: verdicts of different versions do not compare.</param>
/// <param name="Yes">Votes for it.</param>
/// <param name="Failed">Votes that came to nothing.</param>
internal sealed record JudgeVerdict(string Version, int Yes, int No, int Failed, Micros CostMicros)
{
    /// <summary>The share of votes against the majority: 0 to 0.5.</summary>
    public double Disagreement => Yes + No == 0 ? 0 : (double)Math.Min(Yes, No) / (Yes + No);
}

/// <param name="Rubric">Such as <c>status</c>, <c>calls[0]</c>.</param>
internal sealed record RubricProblem(string Rubric, string Message);
