using System.Text.Json;

namespace AgentWorkflows.Models.Plans;

/// <summary>What a model answers when asked to plan: tool calls to make now, or the answer. Exactly one of <see cref="Steps"/> and <see cref="Answer"/> is given.</summary>
public sealed record Plan
{
    /// <summary>One sentence on why, shown in the timeline.</summary>
    public string Reason { get; init; } = "";

    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    public string? Answer { get; init; }

    /// <summary>The recorded facts it depends on; compared with the record before anything of it runs or is said. At most <see cref="ReliedFact.MaxCount"/>.</summary>
    public IReadOnlyList<ReliedFact>? ReliesOn { get; init; }
}

/// <summary>What a plan takes for a fact: the value at a dotted path in the result of a step of an earlier turn.</summary>
public sealed record ReliedFact
{
    /// <summary>Facts of one plan.</summary>
    public const int MaxCount = 20;

    public const int MaxPathLength = 200;

    public const int MaxValueLength = 500;

    public required int Turn { get; init; }

    public required string Step { get; init; }

    public required string Path { get; init; }

    /// <summary>At most <see cref="MaxValueLength"/> characters of JSON.</summary>
    public required JsonElement Value { get; init; }
}

/// <summary>One tool call the model wants, with how to tell that it worked and what to do when it did not.</summary>
public sealed record PlanStep
{
    /// <summary>Unique in its plan: 1 to 40 of <c>a-z 0-9 _ -</c>.</summary>
    public required string Id { get; init; }

    public required string Tool { get; init; }

    public required JsonElement Arguments { get; init; }

    public IReadOnlyList<SuccessCriterion> SuccessCriteria { get; init; } = [];

    /// <summary>Never above the contract's timeout.</summary>
    public double? TimeBudgetSeconds { get; init; }

    public OnFailure OnFailure { get; init; } = OnFailure.Replan;

    /// <summary>The alternative way, for <see cref="Plans.OnFailure.Alternative"/>.</summary>
    public AlternativeCall? Alternative { get; init; }

    /// <summary>How the model would take this back, in words; shown to approvers. What really runs is the contract's compensation.</summary>
    public string? Undo { get; init; }
}

/// <summary>What to call instead when a step fails.</summary>
public sealed record AlternativeCall
{
    public required string Tool { get; init; }

    public required JsonElement Arguments { get; init; }
}

/// <summary>A check of a tool's result: the value at <see cref="Path"/> (dotted, such as <c>refund.status</c>) against <see cref="Value"/>.</summary>
public sealed record SuccessCriterion
{
    public required string Path { get; init; }

    public CriterionOperator Operator { get; init; } = CriterionOperator.Exists;

    public JsonElement? Value { get; init; }
}

/// <summary>How a criterion compares.</summary>
public enum CriterionOperator
{
    Exists,
    Equals,
    NotEquals,
    AtLeast,
    AtMost,
    Contains,
}

/// <summary>What happens when a step fails for good (its own retries are used up).</summary>
public enum OnFailure
{
    /// <summary>The model sees the failure and plans again.</summary>
    Replan,

    /// <summary>The step's alternative call runs; when that fails too, a person is asked.</summary>
    Alternative,

    /// <summary>A person decides whether the session goes on.</summary>
    AskHuman,

    /// <summary>The session ends and what it did is rolled back.</summary>
    Halt,
}
