using AgentWorkflows.Costs;

namespace AgentWorkflows.Steps;

/// <summary>A model call that gave no answer, kept so that a step that runs again neither calls at once nor loses what the call cost.</summary>
/// <param name="Actual"><c>null</c>: nothing was spent.</param>
/// <param name="At">When the provider answered.</param>
internal sealed record FailedPlanDocument(PlanOutput Output, string EntryId, CostActual? Actual, DateTimeOffset At)
{
    public string? RequestId { get; init; }
}
