using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.AspNetCore.Problems;
using AgentWorkflows.AspNetCore.Routing;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.Sessions;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Approvals;

internal sealed class ApprovalHandlers(IApprovalStore approvals, ApprovalService decisions)
{
    private const int MaxPage = 1000;

    public async Task<IResult> ListAsync(HttpContext context)
    {
        if (!Query.TryEnums<ApprovalStatus>(context, "status", out var statuses, out var problem)
            || !Query.TryInt(context, "limit", 1, MaxPage, 100, out var limit, out problem))
        {
            return problem;
        }
        if (statuses?.Count > 1)
        {
            return Problem.InvalidQuery("status", "Give one status, or none for all.");
        }
        var status = statuses is null ? (ApprovalStatus?)null : statuses.First();
        var caller = Caller.Of(context);
        var query = new ApprovalQuery { Status = status, SessionId = Query.Text(context, "session"), Approver = Query.Text(context, "approver"), Limit = limit };
        var found = await ListVisibleAsync(context, caller, query);
        return new TaggedJson<ApprovalListResponse>(new ApprovalListResponse([.. found.Select(ApprovalResponse.From)]));
    }

    /// <summary>Operators see all; approvers what waits for them and their own; everybody else their own.</summary>
    private async Task<IReadOnlyList<ApprovalRequest>> ListVisibleAsync(HttpContext context, Caller caller, ApprovalQuery query)
    {
        if (caller.IsOperator)
        {
            return await approvals.ListAsync(query, context.RequestAborted);
        }
        var own = await approvals.ListAsync(query with { UserId = caller.User }, context.RequestAborted);
        if (!caller.HasAny(ApiRoles.Approve) || (query.Approver is { } approver && !Approver.Same(approver, caller.User)))
        {
            return own;
        }
        var theirs = await approvals.ListAsync(query with { Approver = caller.User }, context.RequestAborted);
        return [.. own.Concat(theirs).DistinctBy(request => request.Id).OrderByDescending(request => request.RequestedAt).Take(query.Limit)];
    }

    private static bool MaySee(Caller caller, ApprovalRequest request) =>
        caller.Sees(request.UserId) || (caller.HasAny(ApiRoles.Approve) && ApprovalRules.Waits(request, caller.User));

    public async Task<IResult> GetAsync(HttpContext context)
    {
        var id = Id(context);
        var caller = Caller.Of(context);
        var approval = await approvals.GetAsync(id, context.RequestAborted);
        return approval is null || !MaySee(caller, approval)
            ? Problem.ApprovalNotFound(id)
            : Results.Json(ApprovalResponse.From(approval), ApiJson.Options);
    }

    public async Task<IResult> DecideAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        if (body is not BodyResult.Read read)
        {
            return ((BodyResult.Refused)body).Problem;
        }
        var problems = new List<RequestProblem>();
        if (DecisionBody.Read(read.Json, problems) is not { } request)
        {
            return Problem.Invalid(problems);
        }
        var caller = Caller.Of(context);
        // A gateway with an operator's key speaks for the people behind it; everybody else decides in their own name.
        if (!caller.IsOperator && !Approver.Same(caller.User, request.Approver))
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "approver_mismatch", "The key's user may decide in its own name only: approver names somebody else.");
        }
        var id = Id(context);
        if (await approvals.GetAsync(id, context.RequestAborted) is not { } approval || !MaySee(caller, approval))
        {
            return Problem.ApprovalNotFound(id);
        }
        var result = await decisions.DecideAsync(id, request with { Via = $"api:{caller.Key}" }, context.RequestAborted);
        return result switch
        {
            DecideResult.Done done => Answer(id, done.Outcome),
            DecideResult.Invalid invalid => Problem.Invalid(invalid.Problems),
            DecideResult.Refused refused => NotTheirs(refused),
            _ => throw new InvalidOperationException($"Unknown decide result {result.GetType().Name}."),
        };
    }

    private static Problem NotTheirs(DecideResult.Refused refused) => refused.Verdict switch
    {
        ApproverVerdict.OwnSession => Problem.Of(
            StatusCodes.Status403Forbidden, "own_session", "The session is the approver's own, and its agent's policy wants somebody else to decide."),
        ApproverVerdict.NotYet => Problem.Of(
            StatusCodes.Status403Forbidden, "not_asked_yet", "This approver is asked only when the request is escalated."),
        _ => Problem.Of(StatusCodes.Status403Forbidden, "not_an_approver", "The agent's policy names the people who may decide about this; the approver is not one of them."),
    };

    internal static IResult Answer(string id, DecideOutcome outcome) => outcome switch
    {
        DecideOutcome.Decided decided => Results.Json(ApprovalResponse.From(decided.Request), ApiJson.Options),
        DecideOutcome.Counted counted => Results.Json(ApprovalResponse.From(counted.Request), ApiJson.Options, statusCode: StatusCodes.Status202Accepted),
        DecideOutcome.SameApprover same => Problem.Of(StatusCodes.Status409Conflict, "same_approver",
            $"You have approved this already. {same.Request.Required} different people have to; {same.Request.Required - same.Request.Votes.Count} more."),
        DecideOutcome.AlreadyDecided already when Deadline.Decided(already.Request) => Expired(already.Request),
        DecideOutcome.AlreadyDecided { Request.Status: ApprovalStatus.Withdrawn } => Problem.Of(
            StatusCodes.Status409Conflict, "session_finished", "The session ended before anybody decided; there is nothing to decide any more."),
        DecideOutcome.AlreadyDecided already => AlreadyDecided(already.Request),
        DecideOutcome.Stale => Problem.Of(StatusCodes.Status409Conflict, "stale_approval",
            "The decision was made for other arguments than the ones waiting. Look at the approval again and decide on what it shows."),
        DecideOutcome.Expired expired => Expired(expired.Request),
        DecideOutcome.NotFound => Problem.ApprovalNotFound(id),
        _ => throw new InvalidOperationException($"Unknown decide outcome {outcome.GetType().Name}."),
    };

    private static Problem AlreadyDecided(ApprovalRequest request) => Problem
        .Of(StatusCodes.Status409Conflict, "approval_already_decided",
            $"{request.Decision?.Approver ?? "Somebody"} decided this on {request.Decision?.DecidedAt.UtcDateTime:yyyy-MM-dd 'at' HH:mm:ss 'UTC'}: {request.Status}.")
        .With("decidedBy", request.Decision?.Approver).With("decidedAt", request.Decision?.DecidedAt).With("decision", request.Status.ToString());

    private static Problem Expired(ApprovalRequest request) =>
        Problem.Of(StatusCodes.Status410Gone, "approval_expired", $"Approval '{request.Id}': {Deadline.Passed(request)}");

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
