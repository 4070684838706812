using AgentWorkflows.Agents;
using AgentWorkflows.Costs;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <summary>What became of one model call, money included. <c>CostMicros</c> counts in-doubt charges of earlier attempts too.</summary>
internal abstract record ModelCall(Micros CostMicros)
{
    /// <summary>To be kept, then settled.</summary>
    /// <param name="Tokens">That count towards the session's limit.</param>
    public sealed record Answered(ChatResult.Completed Result, PaidCall Paid, bool FromCache, int Tokens, Micros CostMicros) : ModelCall(CostMicros)
    {
        /// <summary>For people: what is odd about the answer or its usage, and what to change.</summary>
        public string? Note { get; init; }
    }

    /// <summary>To be kept, then ended with <see cref="ModelCalls.EndAsync"/>.</summary>
    /// <param name="Actual"><c>null</c>: nothing was spent.</param>
    public sealed record Failed(ChatResult.Failed Result, string EntryId, CostActual? Actual, Micros CostMicros) : ModelCall(CostMicros)
    {
        /// <summary>As of <see cref="Answered"/>.</summary>
        public string? Note { get; init; }
    }

    /// <summary>A breaker is open; nothing was called or spent.</summary>
    public sealed record NotNow(OpenBreaker Breaker, Micros CostMicros) : ModelCall(CostMicros);

    public sealed record Refused(SessionFailure Failure, Micros CostMicros) : ModelCall(CostMicros);

    /// <summary>This host has no such deployment, or no longer, or the deployment may not see what it would be sent; nothing was called or spent.</summary>
    public sealed record NotUsable(SessionFailure Failure) : ModelCall(0);
}

/// <summary>One priced call of a model: price, reservation, breaker, call. Shared by every step that asks a model.</summary>
internal sealed class ModelCalls(
    IChatModelCatalog models, ModelHealth health, MeteredCalls calls, InputCalibration calibration, AnswerCache cache, CostCapOptions capOptions, StepRecorder recorder)
{
    /// <param name="entry">The call's name within its turn, such as <c>plan/1</c>.</param>
    public async Task<ModelCall> CallAsync(
        StepContext step, SessionLimits limits, AgentDefinition agent, ChatRequest request, string entry, bool mayUseCache, CancellationToken cancellationToken)
    {
        var call = await MakeAsync(step, limits, agent, request, entry, mayUseCache, cancellationToken);
        recorder.Telemetry.Spent(step, CostKind.Model, request.Deployment, call.CostMicros);
        return call;
    }

    private async Task<ModelCall> MakeAsync(
        StepContext step, SessionLimits limits, AgentDefinition agent, ChatRequest request, string entry, bool mayUseCache, CancellationToken cancellationToken)
    {
        if (Pricing.Find(agent.Prices, request.Deployment) is not { } price)
        {
            return new ModelCall.Refused(SessionFailure.Redacted(
                FailureCategory.Budget, "model_without_price", PriceSheets.Unpriced(request.Deployment, agent.Prices)), 0);
        }
        if (models.Find(request.Deployment) is not { } model)
        {
            return new ModelCall.NotUsable(SessionFailure.Redacted(
                FailureCategory.System, "model_unknown_deployment", $"No model is configured for deployment '{request.Deployment}'."));
        }
        if (!LabelRule.MaySee(MaySeeOf(agent, model, request.Deployment), request.Labels))
        {
            return new ModelCall.NotUsable(SessionFailure.Redacted(FailureCategory.Context, "confidential_data",
                $"The conversation has confidential data, and '{request.Deployment}' may not see it. Name a deployment that may, under models.confidential in agent.yaml."));
        }
        var known = mayUseCache ? cache.Find(request) : null;
        var hold = await calls.HoldAsync(
            EntryOf(step, request, entry, known is not null),
            known is null ? Pricing.WorstCase(price, calibration.Bound(request), request.MaxOutputTokens) : 0,
            CostCaps.For(step.Session, limits, capOptions, recorder.Now), cancellationToken);
        if (hold is Hold.Refused refused)
        {
            recorder.Telemetry.CapRefused(step, CostKind.Model, refused.Cap);
            return new ModelCall.Refused(CapFailure.Of(refused.Cap), refused.InDoubtMicros);
        }
        var granted = (Hold.Granted)hold;
        if (known is not null)
        {
            recorder.Telemetry.AnsweredFromCache(step, request);
            return Answered(granted, known, new ModelCharge(Pricing.Actual(price, known.Usage, 0) with { CostMicros = 0 }, 0, null), fromCache: true);
        }
        if (health.TryEnter(request.Deployment) is { } open)
        {
            await calls.ReleaseAsync(granted.EntryId, cancellationToken);
            return new ModelCall.NotNow(open, granted.InDoubtMicros);
        }
        var result = await CompleteAsync(step, model, request, cancellationToken);
        health.Calls.Record(request.Deployment, result is not ChatResult.Failed { Kind: var kind } || ModelTroubles.IsHealthy(kind));
        var charge = ModelCharge.Of(price, request, result, granted.HeldMicros);
        switch (result)
        {
            case ChatResult.Completed completed:
                calibration.Learn(request, completed.Usage);
                return Answered(granted, completed, charge, fromCache: false);
            case ChatResult.Failed failed:
                return new ModelCall.Failed(failed, granted.EntryId, charge.Actual, granted.InDoubtMicros + (charge.Actual?.CostMicros ?? 0)) { Note = charge.Disbelieved };
            default:
                throw new InvalidOperationException($"Unknown chat result {result.GetType().Name}.");
        }
    }

    /// <summary>The offline playbook sends nothing anywhere.</summary>
    private DataLabels MaySeeOf(AgentDefinition agent, IChatModel model, string deployment) =>
        model.Traits.IsScripted || (agent.ConfidentialModels ?? []).Any(name => models.Resolve(name) == deployment) ? DataLabels.Confidential : DataLabels.None;

    private async Task<ChatResult> CompleteAsync(StepContext step, IChatModel model, ChatRequest request, CancellationToken cancellationToken)
    {
        using var span = recorder.Telemetry.Chat(step, request, model.Provider);
        var started = recorder.Started;
        var result = await model.CompleteAsync(request, cancellationToken);
        recorder.Telemetry.ChatEnded(span, request, model.Provider, result, recorder.Since(started));
        return result;
    }

    public Task SettleAsync(PaidCall paid, CancellationToken cancellationToken) => calls.SettleAsync(paid.EntryId, paid.Actual, cancellationToken);

    /// <summary>Ends the entry of a call that gave no answer. Safe to repeat.</summary>
    public Task EndAsync(string entryId, CostActual? actual, CancellationToken cancellationToken) => actual is null
        ? calls.ReleaseAsync(entryId, cancellationToken)
        : calls.SettleAsync(entryId, actual, cancellationToken);

    private static ModelCall.Answered Answered(Hold.Granted granted, ChatResult.Completed completed, ModelCharge charge, bool fromCache) =>
        new(completed, new PaidCall(granted.EntryId, charge.Actual!), fromCache, charge.Tokens, charge.Actual!.CostMicros + granted.InDoubtMicros)
        {
            Note = (completed.Note, charge.Disbelieved) is ({ } one, { } other) ? $"{one} {other}" : completed.Note ?? charge.Disbelieved,
        };

    private static CostEntry EntryOf(StepContext step, ChatRequest request, string entry, bool cached) => new(
        FormattableString.Invariant($"{step.Session.Id}/{step.Turn}/{entry}"), step.Session.Id, step.Turn, CostKind.Model, request.Deployment)
    {
        Agent = step.Session.Agent,
        UserId = step.Session.UserId,
        TaskType = step.Session.TaskType,
        Purpose = request.Purpose.ToString().ToLowerInvariant() + (cached ? CachedSuffix : ""),
    };

    /// <summary>Of a purpose in the ledger, when the answer came from the cache and cost nothing.</summary>
    public const string CachedSuffix = " (cached)";
}
