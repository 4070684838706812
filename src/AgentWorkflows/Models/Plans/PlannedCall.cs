using System.Text.Json;

namespace AgentWorkflows.Models.Plans;

/// <summary>One call of a plan: a step's own, or its alternative.</summary>
internal sealed record PlannedCall(PlanStep Step, string Tool, JsonElement Arguments)
{
    /// <summary>When an alternative fails too, a person is asked.</summary>
    public const OnFailure AfterAlternative = OnFailure.AskHuman;

    public bool IsAlternative { get; init; }

    public OnFailure OnFailure => IsAlternative ? AfterAlternative : Step.OnFailure;

    private const string AlternativeSuffix = ".alternative";

    /// <summary>The step id under which a step's alternative runs. No plan can use it: ids have no dots.</summary>
    public static string AlternativeId(string stepId) => stepId + AlternativeSuffix;

    public static PlannedCall? Find(Plan plan, string stepId)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(stepId);
        var isAlternative = stepId.EndsWith(AlternativeSuffix, StringComparison.Ordinal);
        var planned = isAlternative ? stepId[..^AlternativeSuffix.Length] : stepId;
        return plan.Steps.FirstOrDefault(step => string.Equals(step.Id, planned, StringComparison.Ordinal)) switch
        {
            null => null,
            { Alternative: { } other } step when isAlternative => new PlannedCall(step, other.Tool, other.Arguments) { IsAlternative = true },
            _ when isAlternative => null,
            var step => new PlannedCall(step, step.Tool, step.Arguments),
        };
    }
}
