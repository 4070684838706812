using System.Text.Json;
using AgentWorkflows.Sessions;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Evals;

/// <summary>A goal, the world it is tried in, and what has to come of it. Read from <c>agents/NAME/evals/*.yaml</c>.</summary>
internal sealed record EvalCase
{
    public required string Agent { get; init; }

    /// <summary>1 to 64 of <c>a-z 0-9 -</c>; unique for the agent.</summary>
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>As people see it, such as <c>agents/order-desk/evals/refunds.yaml</c>.</summary>
    public string File { get; init; } = "";

    public required string Goal { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Context { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>1 to 1,000; <c>null</c>: as many as the run says.</summary>
    public int? Trials { get; init; }

    public RequestedLimits Limits { get; init; } = new();

    public EvalApprovals Approvals { get; init; } = new();

    /// <summary>Asked in order; the first that covers a call answers it.</summary>
    public IReadOnlyList<ToolFixture> Fixtures { get; init; } = [];

    public Expectations Expect { get; init; } = new();

    public EvalJudge? Judge { get; init; }

    /// <summary>The record that every tool, and on demand the model, answers from; <c>null</c> for a case that was written by hand.</summary>
    public EvalRecording? Recording { get; init; }
}

/// <summary>What the people decide who are asked.</summary>
internal sealed record EvalApprovals
{
    /// <summary>Tools whose calls are rejected; <c>*</c>: all of them. Every other request is approved.</summary>
    public IReadOnlyList<string> Reject { get; init; } = [];

    public string Reason { get; init; } = "Rejected by the eval case.";
}

/// <summary>An answer in place of a tool's own.</summary>
internal sealed record ToolFixture
{
    public required string Tool { get; init; }

    /// <summary>Arguments a call must have; others are free.</summary>
    public IReadOnlyDictionary<string, JsonElement> When { get; init; } = new Dictionary<string, JsonElement>();

    public JsonElement? Result { get; init; }

    /// <summary>In place of <see cref="Result"/>.</summary>
    public ToolResult.Failure? Failure { get; init; }

    /// <summary>How often it answers, in each trial; <c>null</c>: always.</summary>
    public int? Times { get; init; }
}

/// <summary>Each absent value asks for nothing.</summary>
internal sealed record Expectations
{
    /// <summary>One of these.</summary>
    public IReadOnlyList<SessionStatus> Statuses { get; init; } = [];

    /// <summary>The failure's type, such as <c>max_iterations</c>.</summary>
    public string? Failure { get; init; }

    /// <summary>Tools that ran.</summary>
    public IReadOnlyList<string> Used { get; init; } = [];

    /// <summary>Tools that did not run.</summary>
    public IReadOnlyList<string> Forbidden { get; init; } = [];

    /// <summary>Tools that ran in this order, others between them or not.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    public IReadOnlyList<ExpectedCall> Calls { get; init; } = [];

    /// <summary>Tools that a person was asked about.</summary>
    public IReadOnlyList<string> Asked { get; init; } = [];

    public IReadOnlyList<string> NotAsked { get; init; } = [];

    public IReadOnlyList<string> AnswerContains { get; init; } = [];

    /// <summary>Regular expressions.</summary>
    public IReadOnlyList<string> AnswerMatches { get; init; } = [];

    /// <summary>Regular expressions that nothing in the answer may match.</summary>
    public IReadOnlyList<string> AnswerForbids { get; init; } = [];

    public IReadOnlyList<ExpectedFact> Facts { get; init; } = [];

    public Micros? MaxCostMicros { get; init; }

    public int? MaxTokens { get; init; }

    public int? MaxTurns { get; init; }

    public TimeSpan? MaxLatency { get; init; }

    /// <summary>What read tools answer after the session.</summary>
    public IReadOnlyList<ExpectedState> State { get; init; } = [];

    /// <summary>The same after everything was rolled back; none: nothing is rolled back.</summary>
    public IReadOnlyList<ExpectedState> AfterRollback { get; init; } = [];
}

/// <param name="Count">How many calls of the tool fit; <c>null</c>: at least one.</param>
internal sealed record ExpectedCall(string Tool, int? Count, IReadOnlyList<NamedCheck> Arguments);

/// <summary>The value at a path in what a tool answered is in the session's answer.</summary>
internal sealed record ExpectedFact(string Tool, string Path);

internal sealed record ExpectedState(string Tool, JsonElement Arguments, IReadOnlyList<NamedCheck> Values);

/// <param name="Path">Dotted; items of lists by their index.</param>
internal sealed record NamedCheck(string Path, ValueCheck Check);

/// <summary>A model's opinion, asked several times.</summary>
/// <param name="Deployment">As agents' routes write it; priced like theirs.</param>
/// <param name="Votes">1 to 9.</param>
/// <param name="AtLeast">The share of votes that has to say yes: above 0, to 1.</param>
internal sealed record EvalJudge(string Deployment, string Question, int Votes, double AtLeast);
