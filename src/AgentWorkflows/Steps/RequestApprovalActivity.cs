using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Steps;

internal sealed record RequestApprovalInput(
    StepContext Step, string ApprovalId, string StepId, string Reason, DateTimeOffset RequestedAt, bool IsQuestion)
{
    /// <summary>See <see cref="GatedCall.InDoubt"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool InDoubt { get; init; }
}

/// <param name="Notices">Ids of the notices to deliver now.</param>
/// <param name="Moments">What is due while the request waits, in order.</param>
internal sealed record RequestApprovalOutput(DateTimeOffset ExpiresAt, IReadOnlyList<string> Notices, IReadOnlyList<ApprovalMoment> Moments);

/// <summary>Puts a call in front of people, on the terms of the agent's policy. The orchestrator waits for the decision itself.</summary>
internal sealed class RequestApprovalActivity(
    ISessionStore store, IApprovalStore approvals, StepReader reader, ApprovalNotices notices, ApprovalPreviews previews, StepRecorder recorder)
    : IActivity<RequestApprovalInput, RequestApprovalOutput>
{
    private const int MaxNamed = 5;

    public async Task<RequestApprovalOutput> RunAsync(IActivityContext context, RequestApprovalInput input, CancellationToken cancellationToken)
    {
        var call = await reader.ResolveAsync(input.Step, input.StepId, cancellationToken);
        var terms = TermsOf(input, call);
        var session = await store.GetAsync(input.Step.Session.Id, cancellationToken);
        var request = await approvals.CreateAsync(
            new ApprovalRequest
            {
                Id = input.ApprovalId,
                SessionId = input.Step.Session.Id,
                InstanceId = context.InstanceId,
                Agent = input.Step.Session.Agent,
                Goal = session?.Goal ?? "",
                UserId = input.Step.Session.UserId,
                Turn = input.Step.Turn,
                StepId = input.StepId,
                Tool = call.Contract.Name,
                Tier = LabelRule.TierOf(call.Contract.Tier, call.Seen),
                Arguments = call.Arguments,
                ArgumentsHash = ArgumentsHash.Of(call.Contract.Name, call.Arguments),
                Reason = await ReasonOfAsync(input, call, cancellationToken),
                Undo = UndoOf(call),
                RequestedAt = input.RequestedAt,
                ExpiresAt = input.RequestedAt + terms.Timeout,
                Required = terms.Required,
                Stages = ApprovalRules.StagesOf(call.Agent.Approvals, terms, input.RequestedAt),
                SelfApproval = terms.SelfApproval,
                OnTimeout = terms.OnTimeout,
                Preview = input.IsQuestion ? [] : await previews.OfAsync(input.Step.Session, call, cancellationToken),
                CostMicros = input.Step.Progress.CostMicros,
                IsQuestion = input.IsQuestion,
            },
            cancellationToken);
        // Read after the request is there: whoever ends the session writes that first and withdraws what waits second, so that one of the two sees the other.
        if (context.InstanceId == input.Step.Session.Id
            && await store.GetAsync(input.Step.Session.Id, cancellationToken) is { Progress.EndedOutside: true })
        {
            await approvals.WithdrawAllAsync(input.Step.Session.Id, recorder.Now, cancellationToken, context.InstanceId);
            return new RequestApprovalOutput(request.ExpiresAt, [], []);
        }
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Approval, $"approval/{request.Id}/asked", TitleOf(request), "pending",
                new { request.Id, request.Tool, request.Tier, arguments = LoggedFields.Of(call.Contract.LogFields, request.Arguments), request.Reason, request.ExpiresAt, deadline = Deadline.Means(request) }) with
            {
                Tool = request.Tool,
                StepId = input.StepId,
            },
            cancellationToken);
        await recorder.ShowAsync(input.Step, cancellationToken);
        recorder.Telemetry.ApprovalRequested(request);
        var moment = new ApprovalMoment(input.RequestedAt, NoticeKind.Request, 1);
        var opened = await notices.OpenAsync(request, moment, ApprovalRules.Awaited(request, input.RequestedAt), cancellationToken);
        return new RequestApprovalOutput(request.ExpiresAt, opened, ApprovalSchedule.Of(terms, input.RequestedAt));
    }

    /// <summary>Whoever rejects a call decides about what the plan does after it too, also where that is the same call again: they are told.</summary>
    private async Task<string> ReasonOfAsync(RequestApprovalInput input, ResolvedCall call, CancellationToken cancellationToken)
    {
        if (input.IsQuestion)
        {
            return input.Reason;
        }
        var plan = (await store.RequireAsync<PlanDocument>(Documents.Plan(input.Step), cancellationToken)).Plan;
        var later = plan.Steps.SkipWhile(step => step.Id != call.Planned.Step.Id).Skip(1).ToList();
        if (later.Count == 0)
        {
            return input.Reason;
        }
        var named = later.Take(MaxNamed).Select(step =>
            step.Tool == call.Contract.Name && JsonElement.DeepEquals(step.Arguments, call.Arguments) ? $"{step.Tool} (the same call again)" : step.Tool);
        var more = later.Count > MaxNamed ? string.Create(CultureInfo.InvariantCulture, $" and {later.Count - MaxNamed} more") : "";
        return $"{input.Reason} If this is rejected, the plan's later steps are skipped without asking: {string.Join(", ", named)}{more}.";
    }

    /// <summary>A question is asked of the same people as the call, and one answer is enough; silence never agrees to it.</summary>
    private static ApprovalTerms TermsOf(RequestApprovalInput input, ResolvedCall call)
    {
        var terms = ApprovalRules.TermsOf(call.Agent.Approvals, LabelRule.For(call.Contract, call.Seen), call.Arguments, input.Step.Progress.CostMicros, mustAsk: true)!;
        return input.IsQuestion ? terms with { Required = 1, OnTimeout = TimeoutMeaning.Reject }
            : input.InDoubt && terms.OnTimeout == TimeoutMeaning.Approve ? terms with { OnTimeout = TimeoutMeaning.Reject }
            : terms;
    }

    private static string TitleOf(ApprovalRequest request) =>
        request.IsQuestion ? request.Reason : $"Waits for a decision on {request.Tool}";

    private static string UndoOf(ResolvedCall call) => call.Contract switch
    {
        { Irreversible: true } => "It cannot be undone.",
        { Compensation: { } compensation } => $"It is undone by {compensation.Tool}.",
        _ => "Nothing is registered that undoes it.",
    };
}
