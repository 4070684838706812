using System.Text.Json.Serialization;
using AgentWorkflows.Approvals;
using AgentWorkflows.Compensation;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <param name="Answered">True when the plan of this turn holds the answer.</param>
internal sealed record CloseSessionInput(StepContext Step, bool Answered, SessionFailure? Failure);

internal sealed record CloseSessionOutput(string? Answer)
{
    /// <summary>As it was written; <c>null</c> without one, and in histories that were recorded before it was given back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SessionFailure? Failure { get; init; }
}

/// <summary>Writes the terminal outcome, with the answer or what was reached until a limit was hit, and withdraws what still waits for a person.</summary>
internal sealed class CloseSessionActivity(ISessionStore store, IApprovalStore approvals, StepRecorder recorder)
    : IActivity<CloseSessionInput, CloseSessionOutput>
{
    public async Task<CloseSessionOutput> RunAsync(IActivityContext context, CloseSessionInput input, CancellationToken cancellationToken)
    {
        var step = input.Step;
        await approvals.WithdrawAllAsync(step.Session.Id, recorder.Now, cancellationToken);
        var answer = await AnswerAsync(input, cancellationToken);
        var failure = input.Failure?.Redacted();
        var output = new CloseSessionOutput(answer) { Failure = failure };
        await store.UpdateProgressAsync(
            step.Session.Id, step.Progress with { Answer = answer, Failure = failure }, recorder.Now, cancellationToken);
        if (context.InstanceId == step.Session.Id
            && await store.GetAsync(step.Session.Id, cancellationToken) is { Progress.EndedOutside: true })
        {
            // A person ended it first: a session has one end.
            return output;
        }
        await recorder.AddAsync(
            recorder.Entry(step, TimelineKind.Outcome, $"outcome/{step.Progress.Revision}", answer ?? failure?.Message ?? step.Progress.Status.ToString(),
                step.Progress.Status.ToString(), new { failure, step.Progress.CostMicros, step.Progress.Tokens, step.Progress.ToolCalls }),
            cancellationToken);
        await MeasureAsync(context, input, cancellationToken);
        return output;
    }

    /// <summary>A rollback on demand ends here too; its session ended before.</summary>
    private async Task MeasureAsync(IActivityContext context, CloseSessionInput input, CancellationToken cancellationToken)
    {
        var session = input.Step.Session;
        if (context.InstanceId != session.Id)
        {
            recorder.Telemetry.RollbackEnded(input.Step);
            return;
        }
        var startedAt = recorder.Telemetry.WantsSessionEnd ? (await store.GetAsync(session.Id, cancellationToken))?.CreatedAt : null;
        recorder.Telemetry.SessionEnded(input.Step, input.Failure, startedAt, recorder.Now);
    }

    /// <summary>What the answer route wrote; <c>null</c> when it was not asked or the planner's draft stands.</summary>
    private async Task<string?> WrittenAsync(StepContext step, CancellationToken cancellationToken)
    {
        for (var attempt = AnswerActivity.MaxAttempts; attempt >= 1; attempt--)
        {
            if (await store.FindAsync<SideDocument>(Documents.Answer(step, attempt), cancellationToken) is { Text: { } written })
            {
                return written;
            }
        }
        return null;
    }

    /// <summary>Whatever a model says of it: of what may have taken effect, the record says so in the answer.</summary>
    private static string? WithDoubts(string? answer, IReadOnlyList<CompensationEntry> stack)
    {
        var open = EffectsInDoubt.Of(stack).Select(entry => entry.Tool).Distinct(StringComparer.Ordinal).ToList();
        return answer is null || open.Count == 0
            ? answer
            : $"{answer}\n\nFrom the record: it is not known whether {string.Join(" and ", open)} took effect. Look before you rely on either.";
    }

    private async Task<string?> AnswerAsync(CloseSessionInput input, CancellationToken cancellationToken)
    {
        if (input.Answered)
        {
            return WithDoubts(
                await WrittenAsync(input.Step, cancellationToken)
                    ?? (await store.RequireAsync<PlanDocument>(Documents.Plan(input.Step), cancellationToken)).Plan.Answer,
                input.Step.Progress.Compensations);
        }
        if (input.Step.Progress.Status != SessionStatus.CompletedPartially)
        {
            return null;
        }
        var documents = await store.ListDocumentsAsync(input.Step.Session.Id, input.Step.Turn, cancellationToken);
        return WithDoubts(PartialAnswer.Of(Transcript.Read(documents), input.Failure), input.Step.Progress.Compensations);
    }
}
