using AgentWorkflows.Durability;
using AgentWorkflows.Sessions;

namespace AgentWorkflows.Approvals;

public sealed record RequestApprovalInput(
    StepContext Step, string ApprovalId, string StepId, string Reason, DateTimeOffset RequestedAt, DateTimeOffset ExpiresAt, bool IsQuestion);

/// <summary>Puts a call in front of a person. Answers nothing: the orchestrator waits for the decision itself.</summary>
internal sealed class RequestApprovalActivity(ISessionStore store, IApprovalStore approvals, StepReader reader, StepRecorder recorder)
    : IActivity<RequestApprovalInput, Unit>
{
    public async Task<Unit> RunAsync(IActivityContext context, RequestApprovalInput input, CancellationToken cancellationToken)
    {
        var call = await reader.ResolveAsync(input.Step, input.StepId, cancellationToken);
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
                Tier = call.Contract.Tier,
                Arguments = call.Arguments,
                ArgumentsHash = ArgumentsHash.Of(call.Contract.Name, call.Arguments),
                Reason = input.Reason,
                Undo = UndoOf(call),
                RequestedAt = input.RequestedAt,
                ExpiresAt = input.ExpiresAt,
                CostMicros = input.Step.Progress.CostMicros,
                IsQuestion = input.IsQuestion,
            },
            cancellationToken);
        await recorder.AddAsync(
            recorder.Entry(input.Step, TimelineKind.Approval, $"approval/{request.Id}/asked", TitleOf(request), "pending",
                new { request.Id, request.Tool, request.Tier, request.Arguments, request.Reason, request.ExpiresAt }) with
            {
                Tool = request.Tool,
                StepId = input.StepId,
            },
            cancellationToken);
        await recorder.ShowAsync(input.Step, cancellationToken);
        return Unit.Value;
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
