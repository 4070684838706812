using AgentWorkflows.Agents;
using AgentWorkflows.Durability;
using AgentWorkflows.Sessions;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Approvals;

/// <summary>Decides approvals and tells the session. Thread-safe.</summary>
public sealed class ApprovalService(
    IApprovalStore approvals, ISessionStore sessions, AgentSnapshots snapshots, IOrchestrationClient orchestrations, TimeProvider time, IdSource ids)
{
    public const int MaxReasonLength = 2000;
    public const int MaxApproverLength = 200;
    private const int DeliveryBatch = 200;

    /// <summary>
    /// Records the decision, then wakes the session. If the process dies between the two, <see cref="DeliverPendingAsync"/> wakes it later: the session always
    /// learns the decision, and acts on it once.
    /// </summary>
    public async Task<DecideResult> DecideAsync(string approvalId, DecideRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await approvals.GetAsync(approvalId, cancellationToken) is not { } approval)
        {
            return new DecideResult.Done(new DecideOutcome.NotFound());
        }
        if (await CheckAsync(approval, request, cancellationToken) is [_, ..] problems)
        {
            return new DecideResult.Invalid(problems);
        }
        var outcome = await approvals.DecideAsync(approvalId, DecisionOf(request), cancellationToken);
        if (outcome is DecideOutcome.Decided decided)
        {
            await WakeAsync(decided.Request, cancellationToken);
        }
        return new DecideResult.Done(outcome);
    }

    /// <summary>Tells sessions about decisions a crash kept from them; called at start and on a timer. Answers how many.</summary>
    public async Task<int> DeliverPendingAsync(CancellationToken cancellationToken)
    {
        var undelivered = await approvals.ListUndeliveredAsync(DeliveryBatch, cancellationToken);
        foreach (var request in undelivered)
        {
            await WakeAsync(request, cancellationToken);
        }
        return undelivered.Count;
    }

    private async Task WakeAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        var raised = await orchestrations.RaiseEventAsync(
            request.InstanceId, ApprovalWait.EventName(request.Id), new ApprovalSignal(request.Id), cancellationToken);
        if (raised is CommandOutcome.NotFound or CommandOutcome.AlreadyFinished)
        {
            await approvals.MarkDeliveredAsync(request.Id, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<RequestProblem>> CheckAsync(ApprovalRequest approval, DecideRequest request, CancellationToken cancellationToken)
    {
        var problems = new List<RequestProblem>();
        if (string.IsNullOrWhiteSpace(request.Approver) || request.Approver.Length > MaxApproverLength)
        {
            problems.Add(new RequestProblem("invalid_approver", "$.approver", $"Say who decides, in 1 to {MaxApproverLength} characters."));
        }
        if (request.Reason?.Length > MaxReasonLength)
        {
            problems.Add(new RequestProblem("reason_too_long", "$.reason", $"The reason has {request.Reason.Length} characters; at most {MaxReasonLength} are allowed."));
        }
        switch (request)
        {
            case { Decision: DecisionKind.Edit, Arguments: null }:
                problems.Add(new RequestProblem("missing_arguments", "$.arguments", "An edit needs the complete new arguments."));
                break;
            case { Decision: DecisionKind.Edit } when approval.IsQuestion:
                problems.Add(new RequestProblem("not_editable", "$.decision", "This asks whether to go on; there is nothing to edit. Approve or reject."));
                break;
            case { Decision: not DecisionKind.Edit, Arguments: not null }:
                problems.Add(new RequestProblem("unexpected_arguments", "$.arguments", "Only an edit has arguments."));
                break;
            case { Decision: DecisionKind.Edit, Arguments: { } arguments }:
                problems.AddRange(await CheckArgumentsAsync(approval, arguments, cancellationToken));
                break;
        }
        return problems;
    }

    private async Task<IEnumerable<RequestProblem>> CheckArgumentsAsync(
        ApprovalRequest approval, System.Text.Json.JsonElement arguments, CancellationToken cancellationToken)
    {
        if (await sessions.GetAsync(approval.SessionId, cancellationToken) is not { } session)
        {
            return [];
        }
        var agent = await snapshots.RequireAsync(session.SnapshotHash, cancellationToken);
        if (agent.FindTool(approval.Tool) is not { } contract)
        {
            return [];
        }
        if (ArgumentCheck.FindProblems(contract.Parameters, arguments) is [_, ..] problems)
        {
            return problems.Select(p => new RequestProblem("invalid_arguments", p.Path.Length == 0 ? "$.arguments" : $"$.arguments.{p.Path}", p.Message));
        }
        return ToolGate.CheckEdited(agent, StartRequestRules.RoleOf(session.Context), approval.Tool, arguments) is { } refusal
            ? [new RequestProblem(refusal.Code, "$.arguments", refusal.Message)]
            : [];
    }

    private ApprovalDecision DecisionOf(DecideRequest request) => new()
    {
        DecisionId = ids.NewDecisionId(),
        Status = request.Decision switch
        {
            DecisionKind.Approve => ApprovalStatus.Approved,
            DecisionKind.Reject => ApprovalStatus.Rejected,
            DecisionKind.Edit => ApprovalStatus.Edited,
            _ => throw new InvalidOperationException($"Unknown decision {request.Decision}."),
        },
        Approver = request.Approver,
        Reason = request.Reason,
        Arguments = request.Arguments?.Clone(),
        ArgumentsHash = request.ArgumentsHash,
        DecidedAt = time.GetUtcNow(),
    };
}
