using AgentWorkflows.Agents;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Models.Plans;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <param name="Attempt">From 1; each attempt is a call of its own in the ledger.</param>
internal sealed record PlanInput(StepContext Step, int Attempt, SessionLimits Limits)
{
    /// <summary>Ask the route's fallback deployment.</summary>
    public bool Fallback { get; init; }

    /// <summary>Ask the route's deployment for simple goals; its ordinary one is the fallback then.</summary>
    public bool Simple { get; init; }

    /// <summary>The conversation was replaced by the record within this plan: what the model said before is not shown to it again.</summary>
    public bool Refreshed { get; init; }

    /// <summary>Said to the model after everything else.</summary>
    public string? Notice { get; init; }
}

internal sealed record PlanOutput(PlanKind Kind, int Tokens, Micros CostMicros)
{
    /// <summary>How long the provider, or an open breaker, asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public ModelTrouble Trouble { get; init; }

    /// <summary>The answer is a draft: another deployment is to write it.</summary>
    public bool Draft { get; init; }

    /// <summary>Why the conversation is replaced by the record before a model is asked again.</summary>
    public string? RefreshBecause { get; init; }

    /// <summary>The route has a fallback deployment.</summary>
    public bool HasFallback { get; init; }

    public SessionFailure? Failure { get; init; }
}

internal enum PlanKind
{
    /// <summary>Tool calls, in the turn's plan document.</summary>
    Steps,

    /// <summary>The answer, in the turn's plan document.</summary>
    Answer,

    /// <summary>Another attempt may help.</summary>
    Retry,

    /// <summary>No attempt can help.</summary>
    Fail,
}

/// <summary>
/// Asks the model for the next tool calls or the answer. One model call at most per run. What came of it is kept before it is settled, so that a step that runs again
/// after a crash gives the same output without asking again.
/// </summary>
internal sealed class PlanActivity(
    ISessionStore store, AgentSnapshots snapshots, PlanRequests requests, ModelCalls calls, ModelHealth health, AnswerCache cache, PlanReport report, StepRecorder recorder)
    : IActivity<PlanInput, PlanOutput>
{
    public async Task<PlanOutput> RunAsync(IActivityContext context, PlanInput input, CancellationToken cancellationToken)
    {
        if (await RepeatedAsync(input, cancellationToken) is { } repeated)
        {
            return repeated;
        }
        await recorder.ShowAsync(input.Step, cancellationToken);
        var started = recorder.Started;
        var agent = await snapshots.RequireAsync(input.Step.Session.SnapshotHash, cancellationToken);
        var route = agent.Models[ModelPurpose.Plan];
        var question = await requests.MakeAsync(input, agent, cancellationToken);
        if (question.TooLong)
        {
            return await TellAsync(input, Trouble(question, ModelTrouble.TooLong, SessionFailure.Redacted(FailureCategory.Context, "context_window",
                $"The conversation does not fit the window of {route.WindowTokens} tokens.")), null, cancellationToken);
        }
        var request = question.Request;
        switch (await calls.CallAsync(input.Step, input.Limits, agent, request, $"plan/{input.Attempt}", route.Cache, cancellationToken))
        {
            case ModelCall.Answered answered:
                return await KeepAsync(input, agent, question, answered, recorder.Since(started), cancellationToken);
            case ModelCall.Failed failed:
                return await KeepFailureAsync(input, question, failed, cancellationToken);
            case ModelCall.NotNow notNow:
                var open = notNow.Breaker;
                return await TellAsync(input, Trouble(question, ModelTrouble.BreakerOpen, SessionFailure.Redacted(FailureCategory.System, "model_breaker_open",
                    $"{request.Deployment}: the {open.Kind} breaker is open; it lets a call through in {Math.Ceiling(open.Wait.TotalSeconds):0} s.")) with
                {
                    CostMicros = notNow.CostMicros,
                    RetryAfter = open.Wait,
                    RefreshBecause = open.Kind == OpenBreaker.Quality ? $"What {request.Deployment} answered lately was of little use." : null,
                }, null, cancellationToken);
            case ModelCall.NotUsable unknown:
                return await TellAsync(input, Trouble(question, ModelTrouble.Unusable, unknown.Failure), null, cancellationToken);
            case ModelCall.Refused refused:
                return await TellAsync(input, Trouble(question, ModelTrouble.Refused, refused.Failure) with { CostMicros = refused.CostMicros }, null, cancellationToken);
            case var other:
                throw new InvalidOperationException($"Unknown model call {other.GetType().Name}.");
        }
    }

    /// <summary>What an earlier run of this step kept.</summary>
    private async Task<PlanOutput?> RepeatedAsync(PlanInput input, CancellationToken cancellationToken)
    {
        if (await store.FindAsync<PlanDocument>(Documents.Plan(input.Step), cancellationToken) is { } kept)
        {
            return await FinishAsync(input, OutputOf(kept), kept.Paid, null, cancellationToken);
        }
        if (await store.FindAsync<InvalidPlanDocument>(Documents.InvalidPlan(input.Step, input.Attempt), cancellationToken) is { } invalid)
        {
            return await FinishAsync(input, OutputOf(invalid), invalid.Paid, null, cancellationToken);
        }
        return await store.FindAsync<FailedPlanDocument>(Documents.FailedPlan(input.Step, input.Attempt), cancellationToken) is { } failed
            ? await FinishAsync(input, failed, cancellationToken)
            : null;
    }

    private async Task<PlanOutput> KeepAsync(
        PlanInput input, AgentDefinition agent, PlanQuestion question, ModelCall.Answered answered, TimeSpan took, CancellationToken cancellationToken)
    {
        var (request, completed) = (question.Request, answered.Result);
        var judged = PlanJudge.Judge(completed, question, agent);
        if (!answered.FromCache)
        {
            health.Quality.Record(request.Deployment, judged is JudgedPlan.Good);
        }
        if (judged is JudgedPlan.Bad bad)
        {
            var kept = await store.PutAsync(
                Documents.InvalidPlan(input.Step, input.Attempt),
                new InvalidPlanDocument(TextOf(completed), bad.Problem, answered.Tokens, answered.CostMicros)
                {
                    Paid = answered.Paid,
                    HasFallback = question.HasFallback,
                    Contradiction = bad.Contradicts,
                    // It names recorded values, which may be of fields that are not logged.
                    Logged = bad.NamesValues && question.Turns.SelectMany(turn => turn.Observations).Any(seen => LoggedFields.IsLimited(agent.FindTool(seen.Tool)?.LogFields))
                        ? "reliesOn contradicts what was recorded; the transcript says where."
                        : null,
                    Note = answered.Note,
                    RefreshBecause = bad.Contradicts ? "The plan contradicts what was recorded." : question.Repairs ? "The model has given no usable plan twice." : null,
                },
                cancellationToken);
            return await FinishAsync(input, OutputOf(kept), kept.Paid, took, cancellationToken);
        }
        if (!answered.FromCache)
        {
            cache.Keep(request, completed);
        }
        var good = (JudgedPlan.Good)judged;
        var document = await store.PutAsync(
            Documents.Plan(input.Step),
            new PlanDocument(good.Plan, answered.Tokens, answered.CostMicros)
            {
                Model = completed.Model,
                Deployment = request.Deployment,
                RequestId = completed.RequestId,
                FinishReason = completed.FinishReason,
                FromCache = answered.FromCache,
                Draft = good.Plan.Answer is not null && question.DraftsAnswers,
                Replaced = good.Replaced,
                Seen = question.Seen.Labels == DataLabels.None ? null : question.Seen,
                Paid = answered.Paid,
                Note = answered.Note,
            },
            cancellationToken);
        return await FinishAsync(input, OutputOf(document), document.Paid, took, cancellationToken);
    }

    private async Task<PlanOutput> KeepFailureAsync(
        PlanInput input, PlanQuestion question, ModelCall.Failed call, CancellationToken cancellationToken)
    {
        var failed = call.Result;
        // An outage that says when to come back is waited for like a rate limit.
        var trouble = failed is { Kind: ChatFailureKind.Unavailable, RetryAfter: not null } ? ModelTrouble.Throttled : ModelTroubles.Of(failed.Kind);
        var output = Trouble(question, trouble, SessionFailure.Redacted(CategoryOf(failed.Kind), "model_" + SnakeCase.Of(failed.Kind), Noted($"{question.Request.Deployment}: {failed.Message}", call.Note))) with
        {
            CostMicros = call.CostMicros,
            RetryAfter = failed.RetryAfter,
        };
        var kept = await store.PutAsync(
            Documents.FailedPlan(input.Step, input.Attempt),
            new FailedPlanDocument(output, call.EntryId, call.Actual, recorder.Now) { RequestId = failed.RequestId }, cancellationToken);
        return await FinishAsync(input, kept, cancellationToken);
    }

    /// <summary>Everything after the answer is kept: safe to repeat.</summary>
    private async Task<PlanOutput> FinishAsync(PlanInput input, PlanOutput output, PaidCall? paid, TimeSpan? took, CancellationToken cancellationToken)
    {
        if (paid is not null)
        {
            await calls.SettleAsync(paid, cancellationToken);
        }
        return await TellAsync(input, output, took, cancellationToken);
    }

    private async Task<PlanOutput> FinishAsync(PlanInput input, FailedPlanDocument kept, CancellationToken cancellationToken)
    {
        await calls.EndAsync(kept.EntryId, kept.Actual, cancellationToken);
        await report.TellAsync(input, kept.Output, null, kept.RequestId, cancellationToken);
        // A step that runs again later waits only for what is left.
        var left = kept.Output.RetryAfter - (recorder.Now - kept.At);
        return kept.Output with { RetryAfter = left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left };
    }

    private async Task<PlanOutput> TellAsync(PlanInput input, PlanOutput output, TimeSpan? took, CancellationToken cancellationToken)
    {
        await report.TellAsync(input, output, took, null, cancellationToken);
        return output;
    }

    private static PlanOutput Trouble(PlanQuestion question, ModelTrouble trouble, SessionFailure failure) =>
        new(trouble is ModelTrouble.Throttled or ModelTrouble.Flaky or ModelTrouble.BreakerOpen ? PlanKind.Retry : PlanKind.Fail, 0, 0)
        {
            Trouble = trouble,
            HasFallback = question.HasFallback,
            Failure = failure,
        };

    private static PlanOutput OutputOf(PlanDocument document) =>
        new(document.Plan.Answer is null ? PlanKind.Steps : PlanKind.Answer, document.Tokens, document.CostMicros) { Draft = document.Draft };

    private static PlanOutput OutputOf(InvalidPlanDocument document) => new(PlanKind.Retry, document.Tokens, document.CostMicros)
    {
        Trouble = document.Contradiction ? ModelTrouble.Contradiction : ModelTrouble.InvalidOutput,
        HasFallback = document.HasFallback,
        RefreshBecause = document.RefreshBecause,
        Failure = SessionFailure.Redacted(FailureCategory.Quality, document.Contradiction ? "contradiction" : "invalid_model_output", Noted(document.Logged ?? document.Problem, document.Note)),
    };

    private static string Noted(string text, string? note) => note is null ? text : $"{text} {note}";

    private static string TextOf(ChatResult.Completed completed) =>
        completed.Text.Length <= PlanParser.MaxTextLength ? completed.Text : completed.Text[..2000];

    private static FailureCategory CategoryOf(ChatFailureKind kind) => kind switch
    {
        ChatFailureKind.ContextLength => FailureCategory.Context,
        ChatFailureKind.ContentFilter or ChatFailureKind.InvalidResponse => FailureCategory.Quality,
        _ => FailureCategory.System,
    };
}
