using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Record;
using AgentWorkflows.Steps;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.Sessions;

/// <summary>What has to be right about a request to decide before the store is asked. Thread-safe.</summary>
internal sealed class DecideChecks(ISessionStore sessions, AgentSnapshots snapshots)
{
    public async Task<IReadOnlyList<RequestProblem>> FindProblemsAsync(
        ApprovalRequest approval, DecideRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var problems = new List<RequestProblem>();
        if (request.Approver.Length > Approver.MaxLength || !PersonName.ShowsSomething(request.Approver))
        {
            problems.Add(new RequestProblem("invalid_approver", "$.approver", $"Say who decides, in 1 to {Approver.MaxLength} characters."));
        }
        else if (PersonName.Normalize(request.Approver) is null)
        {
            problems.Add(new RequestProblem("invalid_approver", "$.approver", PersonName.Refusal));
        }
        if (request.Reason?.Length > ApprovalService.MaxReasonLength)
        {
            problems.Add(new RequestProblem(
                "reason_too_long", "$.reason", $"The reason has {request.Reason.Length} characters; at most {ApprovalService.MaxReasonLength} are allowed."));
        }
        switch (request)
        {
            case { Decision: DecisionKind.Edit, Arguments: null }:
                problems.Add(new RequestProblem("missing_arguments", "$.arguments", "An edit needs the complete new arguments."));
                break;
            case { Decision: DecisionKind.Edit } when approval.IsQuestion:
                problems.Add(new RequestProblem("not_editable", "$.decision", "This asks whether to go on; there is nothing to edit. Approve or reject."));
                break;
            case { Decision: DecisionKind.Edit } when approval.Required > 1:
                problems.Add(new RequestProblem("not_editable", "$.decision", string.Create(CultureInfo.InvariantCulture,
                    $"{approval.Required} people have to approve the same arguments, so nobody can change them. Reject, and say what should be done instead.")));
                break;
            case { Decision: not DecisionKind.Edit, Arguments: not null }:
                problems.Add(new RequestProblem("unexpected_arguments", "$.arguments", "Only an edit has arguments."));
                break;
            case { Decision: DecisionKind.Edit, Arguments: { } arguments }:
                problems.AddRange(await CheckArgumentsAsync(approval, request.Approver, arguments, now, cancellationToken));
                break;
        }
        return problems;
    }

    /// <summary>
    /// True when what waited for the decision will never go on: its session has ended. One that failed without having withdrawn its requests may be resumed by a newer host.
    /// </summary>
    public async Task<bool> IsTooLateAsync(ApprovalRequest approval, CancellationToken cancellationToken) =>
        approval.InstanceId == approval.SessionId
        && await sessions.GetAsync(approval.SessionId, cancellationToken) is { Progress.Status: var status } && status.IsTerminal() && status != SessionStatus.Failed;

    public async Task<ToolContract?> FindContractAsync(ApprovalRequest approval, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(approval);
        return await sessions.GetAsync(approval.SessionId, cancellationToken) is { } session
            ? (await snapshots.RequireAsync(session.SnapshotHash, cancellationToken)).FindTool(approval.Tool)
            : null;
    }

    private async Task<IEnumerable<RequestProblem>> CheckArgumentsAsync(
        ApprovalRequest approval, string approver, JsonElement arguments, DateTimeOffset now, CancellationToken cancellationToken)
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
        if (ToolGate.CheckEdited(agent, StartRequestRules.RoleOf(session.Context), approval.Tool, arguments) is { } refusal)
        {
            return [new RequestProblem(refusal.Code, "$.arguments", refusal.Message)];
        }
        var terms = ApprovalRules.TermsOf(
            agent.Approvals, contract with { Tier = approval.Tier }, arguments, approval.CostMicros, mustAsk: approval.Tier != contract.Tier);
        return ApprovalRules.AllowsEdit(agent.Approvals, approval, terms, approver, now)
            ? []
            : [new RequestProblem("edit_needs_others", "$.arguments", "With these arguments the call would need the approval of other or more people. Reject it, and say what should be done.")];
    }
}
