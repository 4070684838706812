using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <summary>Writes to the timeline what a planning step came to.</summary>
internal sealed class PlanReport(ISessionStore store, AgentSnapshots snapshots, IChatModelCatalog models, StepRecorder recorder)
{
    public async Task TellAsync(PlanInput input, PlanOutput output, TimeSpan? took, string? requestId, CancellationToken cancellationToken)
    {
        var planned = await store.FindAsync<PlanDocument>(Documents.Plan(input.Step), cancellationToken);
        var agent = await snapshots.RequireAsync(input.Step.Session.SnapshotHash, cancellationToken);
        // A fact is of a tool of an earlier turn; which one is not worth another read.
        var isLimited = agent.Tools.Any(tool => LoggedFields.IsLimited(tool.LogFields));
        var title = planned?.Plan switch
        {
            { Answer: not null } => planned.Draft ? "Drafts the answer" : "Answers the goal",
            { Reason.Length: > 0 } plan => plan.Steps.Aggregate(plan.Reason, (reason, step) => LoggedFields.Text(agent.FindTool(step.Tool)?.LogFields, reason, step.Arguments)!),
            { } plan => string.Join(", ", plan.Steps.Select(step => step.Tool)),
            null => output.Failure?.Message ?? "No plan",
        };
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Plan, $"plan/{input.Attempt.ToString(CultureInfo.InvariantCulture)}", title, SnakeCase.Of(output.Kind),
                new
                {
                    model = planned is null ? null : models.Describe(planned.Deployment),
                    requestId = planned?.RequestId ?? requestId,
                    finishReason = planned?.FinishReason,
                    fromCache = planned is { FromCache: true } ? true : (bool?)null,
                    replaced = planned?.Replaced,
                    note = planned?.Note,
                    trouble = output.Trouble == ModelTrouble.None ? null : SnakeCase.Of(output.Trouble),
                    retryAfterSeconds = output.RetryAfter?.TotalSeconds,
                    fallback = input.Fallback ? true : (bool?)null,
                    simple = input.Simple ? true : (bool?)null,
                    refresh = output.RefreshBecause,
                    reliesOn = planned?.Plan.ReliesOn is [_, ..] facts
                        ? facts.Select(fact => new { fact.Turn, fact.Step, fact.Path, value = isLimited ? (JsonElement?)null : fact.Value })
                        : null,
                    steps = planned?.Plan.Steps.Select(step => new { step.Id, step.Tool, arguments = LoggedFields.Of(agent.FindTool(step.Tool)?.LogFields, step.Arguments) }),
                    failure = output.Failure,
                    told = input.Notice,
                }) with
            {
                Duration = took,
                CostMicros = output.CostMicros,
                Tokens = output.Tokens,
            },
            cancellationToken);
    }
}
