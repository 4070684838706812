using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Durability;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;

namespace AgentWorkflows.Sessions;

/// <summary>What was said and done, turn by turn, as the session store has it.</summary>
internal sealed record SessionTranscript(IReadOnlyList<InspectedTurn> Turns);

/// <param name="At">When the plan was kept; <c>null</c> when the turn has none.</param>
internal sealed record InspectedTurn(int Turn, DateTimeOffset? At, PlanDocument? Plan, IReadOnlyList<InvalidPlanDocument> Refused, IReadOnlyList<InspectedCall> Calls);

/// <summary>One planned call and all that is known of it.</summary>
/// <param name="Edited">The arguments a person put in place of the planned ones.</param>
/// <param name="Attempts">In order; empty when nothing ran.</param>
internal sealed record InspectedCall(
    string StepId, PlanStep Step, string Tool, JsonElement Arguments, JsonElement? Edited, IReadOnlyList<CallDocument> Attempts, Observation? Observation);

/// <summary>Reads a session's documents for people. Pure: the same documents give the same transcript.</summary>
internal static class TranscriptReader
{
    private const int MaxAttempts = 10;

    /// <param name="documents">As <see cref="ISessionStore.ListDocumentsAsync"/> lists them.</param>
    public static SessionTranscript Read(IReadOnlyList<SessionDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return new SessionTranscript([.. documents.GroupBy(document => document.Key.Turn).OrderBy(turn => turn.Key).Select(ReadTurn)]);
    }

    private static InspectedTurn ReadTurn(IGrouping<int, SessionDocument> turn)
    {
        var byStep = turn.ToDictionary(document => document.Key.Step, StringComparer.Ordinal);
        var plan = Find<PlanDocument>(byStep, Documents.PlanStep);
        var refused = byStep.Keys.Where(step => step.StartsWith("invalid-plan:", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(step => Find<InvalidPlanDocument>(byStep, step)!);
        var calls = (plan?.Plan.Steps ?? [])
            .SelectMany(step => new[] { step.Id, PlannedCall.AlternativeId(step.Id) })
            .Select(stepId => PlannedCall.Find(plan!.Plan, stepId) is { } planned ? ReadCall(byStep, stepId, planned) : null)
            .OfType<InspectedCall>();
        return new InspectedTurn(turn.Key, plan is null ? null : byStep[Documents.PlanStep].WrittenAt, Answered(plan, byStep), [.. refused], [.. calls]);
    }

    /// <summary>With what the answer route made of a draft.</summary>
    private static PlanDocument? Answered(PlanDocument? plan, Dictionary<string, SessionDocument> byStep) =>
        plan is { Plan.Answer: not null } && byStep.Keys.Where(step => step.StartsWith(Documents.AnswerPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(step => Find<SideDocument>(byStep, step)).LastOrDefault(written => written?.Text is not null) is { } answer
            ? plan with { Plan = plan.Plan with { Answer = answer.Text } }
            : plan;

    private static InspectedCall ReadCall(Dictionary<string, SessionDocument> byStep, string stepId, PlannedCall planned)
    {
        var attempts = Enumerable.Range(1, MaxAttempts)
            .Select(attempt => Find<CallDocument>(byStep, string.Create(CultureInfo.InvariantCulture, $"result:{stepId}:{attempt}")))
            .OfType<CallDocument>();
        return new InspectedCall(
            stepId, planned.Step, planned.Tool, planned.Arguments, byStep.GetValueOrDefault($"arguments:{stepId}")?.Content, [.. attempts],
            Find<Observation>(byStep, Documents.ObservationPrefix + stepId));
    }

    private static T? Find<T>(Dictionary<string, SessionDocument> byStep, string step)
        where T : class => byStep.GetValueOrDefault(step)?.Content.Deserialize<T>(DurableJson.Options);
}
