using System.Globalization;
using System.Text.Json.Serialization;
using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Guards;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

/// <param name="IdempotencyKey">The same for every attempt of the step.</param>
/// <param name="ApprovalId">The approval the call runs under; <c>null</c> when none was needed.</param>
internal sealed record ActInput(StepContext Step, string StepId, int Attempt, string IdempotencyKey, string? ApprovalId, SessionLimits Limits);

/// <summary>What a tool call came to, without the result itself: that is in the session store.</summary>
internal sealed record ActOutput(bool Succeeded, ActionOutcome Action, Micros CostMicros)
{
    public ToolResult.Failure? Failure { get; init; }

    /// <summary>Set when another attempt is allowed and safe: how long to wait first.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What there is to go by should it stay unknown whether the call took effect; <c>null</c> for a read, and in histories from before that was asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DoubtTerms? Doubt { get; init; }
}

/// <param name="Looks">The contract names a tool that looks what became of a call.</param>
/// <param name="Wait">How long the call may still be under way after the last attempt.</param>
internal sealed record DoubtTerms(bool Looks, TimeSpan Wait)
{
    /// <summary>See <see cref="Fingerprint.OfCall"/>: of the arguments that a person put in place of the planned ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EditedPrint { get; init; }
}

/// <summary>Runs one attempt of one approved or allowed tool call, once per attempt as far as the tool honours its idempotency key.</summary>
internal sealed class ActActivity(
    ISessionStore store, IApprovalStore approvals, StepReader reader, ToolRunner runner, ToolTraffic traffic, MeteredCalls calls, CostCapOptions capOptions, StepRecorder recorder)
    : IActivity<ActInput, ActOutput>
{
    public async Task<ActOutput> RunAsync(IActivityContext context, ActInput input, CancellationToken cancellationToken)
    {
        var key = Documents.CallResult(input.Step, input.StepId, input.Attempt);
        var call = await reader.ResolveAsync(input.Step, input.StepId, cancellationToken);
        if (await store.FindAsync<CallDocument>(key, cancellationToken) is { } kept)
        {
            return await FinishAsync(input, call, kept, cancellationToken);
        }
        await recorder.ShowAsync(input.Step, cancellationToken);
        if (await store.GetAsync(input.Step.Session.Id, cancellationToken) is { Progress.Status: SessionStatus.Terminated })
        {
            // Terminated between the decision to call and the call: what is not yet registered in the progress would not be found by a rollback.
            return new ActOutput(false, ActionOutcome.NotDone, 0);
        }
        await RequireApprovalAsync(input, call, cancellationToken);
        var hold = await calls.HoldAsync(
            EntryOf(input, call.Contract), call.Contract.CostMicrosPerCall,
            CostCaps.For(input.Step.Session, input.Limits, capOptions, recorder.Now), cancellationToken);
        if (hold is Hold.Refused refused)
        {
            recorder.Telemetry.CapRefused(input.Step, CostKind.Tool, refused.Cap);
            recorder.Telemetry.Spent(input.Step, CostKind.Tool, call.Contract.Name, refused.InDoubtMicros);
            var failure = new ToolResult.Failure(ToolFailureKind.Permanent, CapFailure.Of(refused.Cap).Message, "Answer with what is known already.", RetrySafe: false);
            return new ActOutput(false, refused.CutOff ? ActionOutcome.Unknown : ActionOutcome.NotDone, refused.InDoubtMicros) { Failure = failure, Doubt = TermsOf(call) };
        }
        var granted = (Hold.Granted)hold;
        await TouchAsync(input, call, ActionOutcome.Unknown, cancellationToken);
        var made = await CallOnceAsync(input, call, granted.CutOff, cancellationToken);
        var document = await store.PutAsync(
            key, made with { EntryId = granted.EntryId, CostMicros = PriceOf(call, made) + granted.InDoubtMicros }, cancellationToken);
        recorder.Telemetry.Spent(input.Step, CostKind.Tool, call.Contract.Name, document.CostMicros);
        return await FinishAsync(input, call, document, cancellationToken);
    }

    /// <param name="cutOff">An earlier run of this very attempt died, perhaps during the call.</param>
    private async Task<CallDocument> CallOnceAsync(ActInput input, ResolvedCall call, bool cutOff, CancellationToken cancellationToken)
    {
        if (call.Edited && ToolGate.CheckEdited(call.Agent, input.Step.Session.Role, call.Contract.Name, call.Arguments) is { } refusal)
        {
            return NotMade((ToolResult.Failure)ToolResult.Permanent(refusal.Message, refusal.Suggestion), cutOff: false);
        }
        var mayHaveRun = cutOff && call.Contract.Tier != ToolTier.Read;
        var marks = !call.Contract.Idempotent && call.Contract.Tier != ToolTier.Read;
        if (marks && await StartedBeforeAsync(input, cancellationToken))
        {
            // The process died during this very call. The tool does not promise to recognize a repetition, so it is not repeated.
            return new CallDocument(false, ActionOutcome.Unknown)
            {
                Made = false,
                Failure = new ToolResult.Failure(ToolFailureKind.Permanent, $"It is not known whether '{call.Contract.Name}' took effect: the call was cut off.",
                    "Check with a read tool before doing anything else about it.", RetrySafe: false),
            };
        }
        if (traffic.Admit(call.Contract) is { } later)
        {
            return NotMade(later, mayHaveRun);
        }
        if (marks)
        {
            await store.PutAsync(Documents.CallStarted(input.Step, input.StepId, input.Attempt), input.IdempotencyKey, cancellationToken);
        }
        using var span = recorder.Telemetry.Tool(input.Step, call.Contract, input.Attempt, compensation: false);
        var started = recorder.Started;
        var invocation = new ToolInvocation(input.Step.Session.Id, call.Contract.Name, call.Arguments, input.IdempotencyKey) { UserId = input.Step.Session.UserId };
        var run = await runner.RunAsync(call.Contract, invocation, call.Planned.Step.TimeBudgetSeconds, cancellationToken);
        recorder.Telemetry.ToolCalled(span, input.Step, call.Contract, run, recorder.Since(started), compensation: false);
        traffic.Record(call.Contract, run.Healthy);
        var document = run.Result switch
        {
            ToolResult.Success success => new CallDocument(true, ActionOutcome.Done) { Result = success.Value },
            // That this call changed nothing says nothing of the one that was cut off.
            ToolResult.Failure failure => new CallDocument(false, mayHaveRun && run.Action == ActionOutcome.NotDone ? ActionOutcome.Unknown : run.Action) { Failure = failure },
            var other => throw new InvalidOperationException($"Unknown tool result {other.GetType().Name}."),
        };
        return document with { Duration = recorder.Since(started) };
    }

    private static CallDocument NotMade(ToolResult.Failure failure, bool cutOff) =>
        new(false, cutOff ? ActionOutcome.Unknown : ActionOutcome.NotDone) { Made = false, Failure = failure };

    /// <summary>So that a rollback can tell what others did to the same resource since.</summary>
    private async Task TouchAsync(ActInput input, ResolvedCall call, ActionOutcome action, CancellationToken cancellationToken)
    {
        if (call.Contract.Tier == ToolTier.Read || ToolResource.Of(call.Contract, call.Arguments) is not { } resource)
        {
            return;
        }
        var state = action switch
        {
            ActionOutcome.Done => TouchState.Done,
            ActionOutcome.NotDone => TouchState.NotDone,
            _ => TouchState.Unknown,
        };
        await store.PutTouchAsync(
            new ResourceTouch(resource, input.Step.Session.Id, input.Step.Turn, input.StepId, call.Contract.Name, state, recorder.Now), cancellationToken);
    }

    private async Task<bool> StartedBeforeAsync(ActInput input, CancellationToken cancellationToken) =>
        await store.GetDocumentAsync(Documents.CallStarted(input.Step, input.StepId, input.Attempt), cancellationToken) is not null;

    /// <summary>Everything after the result is kept: safe to repeat.</summary>
    private async Task<ActOutput> FinishAsync(ActInput input, ResolvedCall call, CallDocument document, CancellationToken cancellationToken)
    {
        await calls.SettleAsync(document.EntryId, new CostActual(PriceOf(call, document)), cancellationToken);
        if (document is { Succeeded: true, Result: { } result })
        {
            await store.PutDocumentAsync(Documents.Result(input.Step.Session.Id, input.Step.Turn, input.StepId), result, cancellationToken);
        }
        await TouchAsync(input, call, document.Action, cancellationToken);
        var inDoubt = document.Action == ActionOutcome.Unknown && call.Contract.Tier != ToolTier.Read;
        var retry = ToolRetries.DelayAfter(call.Contract, input.Attempt, document.Failure, inDoubt);
        await recorder.AddAsync(EntryOf(input, call, document, retry), cancellationToken);
        return new ActOutput(document.Succeeded, document.Action, document.CostMicros) { Failure = document.Failure, RetryAfter = retry, Doubt = TermsOf(call) };
    }

    private static DoubtTerms? TermsOf(ResolvedCall call) => call.Contract.Tier == ToolTier.Read
        ? null
        : new DoubtTerms(call.Contract.Settle is not null, call.Contract.Settle?.Wait ?? call.Contract.Timeout)
        {
            EditedPrint = call.Edited ? Fingerprint.OfCall(call.Contract.Name, call.Arguments) : null,
        };

    /// <summary>The last line of defence: what runs is what was approved, to the byte, or nothing runs.</summary>
    private async Task RequireApprovalAsync(ActInput input, ResolvedCall call, CancellationToken cancellationToken)
    {
        if (!ToolGate.NeedsApproval(call.Agent, input.Step.Session.Role, call.Contract, call.Arguments, call.Seen))
        {
            return;
        }
        var request = input.ApprovalId is null ? null : await approvals.GetAsync(input.ApprovalId, cancellationToken);
        var approved = request switch
        {
            { Status: ApprovalStatus.Approved } => request.ArgumentsHash,
            { Status: ApprovalStatus.Edited, Decision.Arguments: { } edited } => ArgumentsHash.Of(request.Tool, edited),
            _ => null,
        };
        if (approved is null || approved != ArgumentsHash.Of(call.Contract.Name, call.Arguments) || request!.SessionId != input.Step.Session.Id)
        {
            throw new DurableException("ApprovalMismatch", $"'{call.Contract.Name}' was not approved with exactly these arguments; it does not run.", isNonRetryable: true);
        }
    }

    private static Micros PriceOf(ResolvedCall call, CallDocument document) => document.Made ? call.Contract.CostMicrosPerCall : Micros.Zero;

    private static CostEntry EntryOf(ActInput input, ToolContract contract) => new(
        string.Create(CultureInfo.InvariantCulture, $"{input.Step.Session.Id}/{input.Step.Turn}/act:{input.StepId}/{input.Attempt}"),
        input.Step.Session.Id, input.Step.Turn, CostKind.Tool, contract.Name)
    {
        Agent = input.Step.Session.Agent,
        UserId = input.Step.Session.UserId,
        TaskType = input.Step.Session.TaskType,
        Purpose = input.StepId,
    };

    private TimelineEntry EntryOf(ActInput input, ResolvedCall call, CallDocument document, TimeSpan? retry)
    {
        var logged = LoggedOf(call, document);
        var title = logged is { } failure ? $"{call.Contract.Name}: {failure.Message}" : $"{call.Contract.Name} succeeded";
        var status = document.Failure is { } failed
            ? SnakeCase.Of(failed.Kind)
            : "succeeded";
        return recorder.Entry(input.Step, TimelineKind.Act, string.Create(CultureInfo.InvariantCulture, $"act/{input.StepId}/{input.Attempt}"), title, status,
            new
            {
                arguments = LoggedFields.Of(call.Contract.LogFields, call.Arguments),
                call.Edited,
                result = LoggedFields.Of(call.Contract.LogFields, document.Result),
                failure = logged,
                retryAfter = retry,
                input.IdempotencyKey,
            }) with
        {
            Tool = call.Contract.Name,
            StepId = input.StepId,
            Duration = document.Duration,
            CostMicros = document.CostMicros,
        };
    }

    private static ToolResult.Failure? LoggedOf(ResolvedCall call, CallDocument document) => document.Failure is not { } failure
        ? null
        : failure with
        {
            Message = LoggedFields.Text(call.Contract.LogFields, failure.Message, call.Arguments)!,
            Suggestion = LoggedFields.Text(call.Contract.LogFields, failure.Suggestion, call.Arguments)!,
        };
}
