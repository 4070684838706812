using AgentWorkflows.Costs;
using AgentWorkflows.Words;

namespace AgentWorkflows.Record;

/// <summary>What came of a question asked beside the plans of a session, kept so that a step that runs again asks nothing twice.</summary>
/// <param name="Text"><c>null</c>: no answer of use; <paramref name="Problem"/> says why.</param>
internal sealed record SideDocument(string? Text, string? Problem, int Tokens, Micros CostMicros)
{
    public string Deployment { get; init; } = "";

    public string? RequestId { get; init; }

    public bool FromCache { get; init; }

    public IReadOnlyList<string>? Replaced { get; init; }

    public PaidCall? Paid { get; init; }

    /// <summary>Of a call that gave no answer; with <see cref="FailedActual"/> <c>null</c> when nothing was spent.</summary>
    public string? FailedEntry { get; init; }

    public CostActual? FailedActual { get; init; }

    /// <summary>How long the provider, or an open breaker, asks to wait from <see cref="At"/> on.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>For people: what is odd about the answer or its usage, and what to change.</summary>
    public string? Note { get; init; }
}
