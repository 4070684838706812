using System.Text.Json;
using AgentWorkflows.Models.Plans;

namespace AgentWorkflows.Models;

/// <summary>
/// A deterministic script that stands in for a language model, so that everything else runs for real without one. The first entry whose
/// <see cref="PlaybookEntry.Goal"/> (a regular expression, case-insensitive, 200 ms limit) matches the goal is followed.
/// </summary>
internal sealed record Playbook
{
    public required IReadOnlyList<PlaybookEntry> Entries { get; init; }

    /// <summary>The answer when no entry matches.</summary>
    public required string Otherwise { get; init; }
}

internal sealed record PlaybookEntry
{
    public required string Name { get; init; }

    /// <summary>Named groups become <c>{goal.NAME}</c>.</summary>
    public required string Goal { get; init; }

    /// <summary>Each item is one plan: its steps are planned together in one turn.</summary>
    public required IReadOnlyList<PlaybookTurn> Turns { get; init; }

    /// <summary>Answer template once every turn has succeeded. <c>{goal.NAME}</c>, <c>{context.KEY}</c> and <c>{STEP.path.to.value}</c> are filled in; <c>{goal.NAME|text}</c> says what to write when there is no value.</summary>
    public required string Answer { get; init; }

    /// <summary>Answer templates by what went wrong; keys are <see cref="ObservationStatus"/> names in snake_case, optionally prefixed by a step id and a dot
    /// (<c>refund.rejected</c>). <c>{message}</c> is the reason. Default: a plain sentence with the reason.</summary>
    public IReadOnlyDictionary<string, string> Reactions { get; init; } = new Dictionary<string, string>();
}

internal sealed record PlaybookTurn
{
    public string Reason { get; init; } = "";

    /// <summary>Steps with <see cref="PlanStep.Arguments"/> as templates; a value that is one single reference keeps its JSON type.</summary>
    public required IReadOnlyList<PlanStep> Steps { get; init; }

    /// <summary>Skip this turn unless the value at a reference equals this, such as <c>order.status: paid</c>. When it does not hold: <see cref="ElseAnswer"/>.</summary>
    public IReadOnlyDictionary<string, JsonElement> When { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Ends the session with this answer when <see cref="When"/> does not hold; <c>null</c> goes on with the next turn.</summary>
    public string? ElseAnswer { get; init; }
}
