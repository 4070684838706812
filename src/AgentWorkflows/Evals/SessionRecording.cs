using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Evals;

/// <summary>Makes a record out of a finished session. Pure: the same documents give the same record.</summary>
internal static class SessionRecording
{
    public static EvalRecording Of(SessionRecord session, AgentDefinition agent, IReadOnlyList<SessionDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(documents);
        var calls = TranscriptReader.Read(documents).Turns.SelectMany(turn => turn.Calls).ToList();
        return new EvalRecording(
            session.Id,
            [
                .. calls.SelectMany(call => call.Attempts.Where(attempt => attempt.Made).Select(attempt => new RecordedCall(
                    call.Tool, TrialTools.WithoutSession(call.Edited ?? call.Arguments, session.Id), attempt.Result, attempt.Succeeded ? null : attempt.Failure))),
                .. session.Progress.Compensations.OrderByDescending(entry => entry.Index).Select(entry => Compensation(session, agent, calls, entry)).OfType<RecordedCall>(),
            ],
            [.. documents.Select(AnswerOf).OfType<RecordedAnswer>()]);
    }

    /// <summary>Tools that ran, in order.</summary>
    public static IReadOnlyList<string> Ran(IReadOnlyList<SessionDocument> documents) =>
        [.. TranscriptReader.Read(documents).Turns.SelectMany(turn => turn.Calls).Where(call => call.Attempts.Any(attempt => attempt.Made)).Select(call => call.Tool)];

    /// <summary>Tools that people said no to.</summary>
    public static IReadOnlyList<string> Rejected(IReadOnlyList<SessionDocument> documents) =>
    [
        .. TranscriptReader.Read(documents).Turns.SelectMany(turn => turn.Calls).Where(call => call.Observation?.Status == ObservationStatus.Rejected).Select(call => call.Tool).Distinct(),
    ];

    private static RecordedCall? Compensation(SessionRecord session, AgentDefinition agent, IReadOnlyList<InspectedCall> calls, CompensationEntry entry)
    {
        if (entry.Status is not (CompensationStatus.Done or CompensationStatus.Failed) || agent.FindTool(entry.Tool)?.Compensation is not { } contract)
        {
            return null;
        }
        var action = calls.FirstOrDefault(call => call.StepId == entry.StepId && call.Tool == entry.Tool);
        var arguments = CompensationArguments.Build(
            contract, entry, action?.Edited ?? action?.Arguments ?? JsonElement.Parse("{}"), action?.Attempts.LastOrDefault(attempt => attempt.Succeeded)?.Result);
        return new RecordedCall(
            contract.Tool, TrialTools.WithoutSession(arguments, session.Id), entry.Status == CompensationStatus.Done ? JsonElement.Parse("{}") : null,
            entry.Status == CompensationStatus.Done ? null : (Tools.ToolResult.Failure)Tools.ToolResult.Permanent(entry.Message ?? "It failed.", ""));
    }

    private static RecordedAnswer? AnswerOf(SessionDocument document)
    {
        var step = document.Key.Step;
        if (step == Documents.PlanStep)
        {
            var plan = document.Content.Deserialize<PlanDocument>(DurableJson.Options)!;
            return new RecordedAnswer(ModelPurpose.Plan, JsonSerializer.Serialize(plan.Plan, DurableJson.Options), plan.Tokens);
        }
        if (step.StartsWith("invalid-plan:", StringComparison.Ordinal))
        {
            var invalid = document.Content.Deserialize<InvalidPlanDocument>(DurableJson.Options)!;
            return new RecordedAnswer(ModelPurpose.Plan, invalid.Text, invalid.Tokens);
        }
        ModelPurpose? purpose = step.StartsWith(Documents.AnswerPrefix, StringComparison.Ordinal) ? ModelPurpose.Answer
            : step.StartsWith("summary-call:", StringComparison.Ordinal) ? ModelPurpose.Summarize
            : step == "difficulty" ? ModelPurpose.Classify : null;
        return purpose is { } known && document.Content.Deserialize<SideDocument>(DurableJson.Options) is { Text: { } text } side ? new RecordedAnswer(known, text, side.Tokens) : null;
    }
}
