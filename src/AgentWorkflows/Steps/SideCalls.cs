using AgentWorkflows.Agents;
using AgentWorkflows.Guards;
using AgentWorkflows.Models;
using AgentWorkflows.Record;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <summary>Whether a text is what was asked for.</summary>
/// <param name="Text">As it is used; <c>null</c> when it is of no use.</param>
internal sealed record SideVerdict(string? Text, string? Problem, IReadOnlyList<string>? Replaced = null);

/// <summary>
/// Asks a model something a session can do without: priced, reserved and guarded like every call, kept before it is settled. Whatever goes wrong is an outcome: the
/// caller goes on as if it had not asked.
/// </summary>
internal sealed class SideCalls(ISessionStore store, ModelCalls calls, ModelHealth health, AnswerCache cache, StepRecorder recorder)
{
    /// <summary>What an earlier run of the step kept, its ledger entry ended.</summary>
    public async Task<SideDocument?> KeptAsync(DocumentKey key, CancellationToken cancellationToken) =>
        await store.FindAsync<SideDocument>(key, cancellationToken) is { } kept ? await EndAsync(kept, cancellationToken) : null;

    public async Task<SideDocument> AskAsync(
        DocumentKey key, StepContext step, SessionLimits limits, AgentDefinition agent, ModelRoute route, ChatRequest request, string entry,
        Func<string, SideVerdict> judge, CancellationToken cancellationToken)
    {
        var made = await CallAsync(step, limits, agent, route, request, entry, judge, cancellationToken);
        return await EndAsync(await store.PutAsync(key, made with { Deployment = request.Deployment, At = recorder.Now }, cancellationToken), cancellationToken);
    }

    /// <summary>What is left of the wait that was asked for.</summary>
    public TimeSpan? LeftOf(SideDocument kept) => kept.RetryAfter is not { } wait ? null
        : wait - (recorder.Now - kept.At) is var left && left > TimeSpan.FromMilliseconds(1) ? left
        : TimeSpan.FromMilliseconds(1);

    private async Task<SideDocument> CallAsync(
        StepContext step, SessionLimits limits, AgentDefinition agent, ModelRoute route, ChatRequest request, string entry, Func<string, SideVerdict> judge,
        CancellationToken cancellationToken)
    {
        if (!WindowCheck.Fits(request, route.WindowTokens))
        {
            return Nothing($"The question does not fit the window of {route.WindowTokens} tokens.", 0);
        }
        switch (await calls.CallAsync(step, limits, agent, request, entry, route.Cache, cancellationToken))
        {
            case ModelCall.Answered answered:
                return Judged(request, answered, judge);
            case ModelCall.Failed failed:
                return Nothing($"{request.Deployment}: {failed.Result.Message}", failed.CostMicros) with
                {
                    Note = failed.Note,
                    FailedEntry = failed.EntryId,
                    FailedActual = failed.Actual,
                    RequestId = failed.Result.RequestId,
                    RetryAfter = failed.Result.Kind is ChatFailureKind.RateLimited or ChatFailureKind.Unavailable ? failed.Result.RetryAfter : null,
                };
            case ModelCall.NotNow notNow:
                return Nothing($"{request.Deployment}: the {notNow.Breaker.Kind} breaker is open.", notNow.CostMicros);
            case ModelCall.NotUsable unknown:
                return Nothing(unknown.Failure.Message, 0);
            case ModelCall.Refused refused:
                return Nothing(refused.Failure.Message, refused.CostMicros);
            case var other:
                throw new InvalidOperationException($"Unknown model call {other.GetType().Name}.");
        }
    }

    private SideDocument Judged(ChatRequest request, ModelCall.Answered answered, Func<string, SideVerdict> judge)
    {
        var verdict = answered.Result.FinishReason == ChatResult.Completed.CutOff
            ? new SideVerdict(null, $"It was cut off at {request.MaxOutputTokens} tokens.")
            : judge(answered.Result.Text);
        if (!answered.FromCache)
        {
            health.Quality.Record(request.Deployment, verdict.Text is not null);
            if (verdict.Text is not null)
            {
                cache.Keep(request, answered.Result);
            }
        }
        return new SideDocument(verdict.Text, verdict.Problem, answered.Tokens, answered.CostMicros)
        {
            RequestId = answered.Result.RequestId,
            FromCache = answered.FromCache,
            Replaced = verdict.Replaced,
            Paid = answered.Paid,
            Note = answered.Note,
        };
    }

    private async Task<SideDocument> EndAsync(SideDocument kept, CancellationToken cancellationToken)
    {
        if (kept.Paid is { } paid)
        {
            await calls.SettleAsync(paid, cancellationToken);
        }
        if (kept.FailedEntry is { } failed)
        {
            await calls.EndAsync(failed, kept.FailedActual, cancellationToken);
        }
        return kept;
    }

    private static SideDocument Nothing(string problem, Micros costMicros) => new(null, problem, 0, costMicros);
}
