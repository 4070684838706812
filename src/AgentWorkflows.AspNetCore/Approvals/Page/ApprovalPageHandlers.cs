using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.AspNetCore.Bodies;
using AgentWorkflows.Sessions;
using AgentWorkflows.Words;
using Microsoft.AspNetCore.Http;

namespace AgentWorkflows.AspNetCore.Approvals.Page;

/// <summary>
/// The page a link leads to. The link says who decides about what; the code from the message's text says that somebody has read it. Showing the page decides nothing.
/// </summary>
internal sealed class ApprovalPageHandlers(ApprovalService decisions, ApprovalLinks links, TimeProvider time, CodeAttempts attempts, ApprovalTokens tokens)
{
    /// <summary>One answer for everything that is no link of ours, whatever is wrong with it.</summary>
    private static readonly HtmlPage Unknown = ApprovalPage.End(StatusCodes.Status404NotFound, "?", "", "This link leads nowhere",
        "Open it from the message again: some programs cut long links. If that does not help, ask whoever runs your agents.");

    public async Task<IResult> ShowAsync(HttpContext context)
    {
        var target = await FindAsync(context);
        if (target is not LinkTarget.Open open)
        {
            return Closed(target);
        }
        await decisions.RecordViewAsync(open.Request, open.Token.Approver, context.RequestAborted);
        return (await PageOfAsync(context, open)).Render();
    }

    public async Task<IResult> DecideAsync(HttpContext context)
    {
        var target = await FindAsync(context);
        if (target is not LinkTarget.Open open)
        {
            return Closed(target);
        }
        if (await FormBody.ReadAsync(context) is not { } form)
        {
            return RequestBody.TooLarge;
        }
        var page = (await PageOfAsync(context, open)) with { Typed = form };
        if (CheckCode(context, open.Token, form("code")) is { } refused)
        {
            return (page with { Status = refused.Status, Problems = [new RequestProblem("", "", refused.Message)] }).Render();
        }
        var problems = new List<RequestProblem>();
        if (ReadDecision(open, page.Fields, form, problems) is not { } request)
        {
            return (page with { Status = StatusCodes.Status400BadRequest, Problems = problems }).Render();
        }
        var result = await decisions.DecideAsync(open.Request.Id, request, context.RequestAborted);
        return result switch
        {
            DecideResult.Invalid invalid => (page with { Status = StatusCodes.Status400BadRequest, Problems = invalid.Problems }).Render(),
            DecideResult.Done { Outcome: DecideOutcome.Decided decided } => Thanks(decided.Request),
            DecideResult.Done { Outcome: DecideOutcome.Counted counted } => Counted(StatusCodes.Status200OK, counted.Request),
            // Somebody was faster, the deadline passed, or the policy has other people: the link says which, as for anybody who opens it now.
            _ => await FindAsync(context) is LinkTarget.Over over ? Closed(over) : Unknown,
        };
    }

    private Task<LinkTarget> FindAsync(HttpContext context) =>
        links.FindAsync((string?)context.Request.RouteValues["token"], context.RequestAborted);

    private async Task<ApprovalPage> PageOfAsync(HttpContext context, LinkTarget.Open open)
    {
        var contract = open.Token.Decisions.HasFlag(AllowedDecisions.Edit)
            ? await decisions.FindContractAsync(open.Request, context.RequestAborted)
            : null;
        return new ApprovalPage(
            open.Request, open.Token.Approver, time.GetUtcNow(), contract is null ? [] : ArgumentFields.Of(contract.Parameters, open.Request.Arguments));
    }

    private (int Status, string Message)? CheckCode(HttpContext context, ApprovalToken token, string? typed)
    {
        if (attempts.IsLocked(token))
        {
            return (StatusCodes.Status429TooManyRequests, $"Too many wrong codes. Try again in {CodeAttempts.Window.TotalMinutes:0} minutes. Nothing was decided.");
        }
        if (string.IsNullOrWhiteSpace(typed))
        {
            return (StatusCodes.Status403Forbidden, "Type the code that stands in the message that brought you here. Nothing was decided.");
        }
        if (tokens.IsCodeOf((string)context.Request.RouteValues["token"]!, typed))
        {
            return null;
        }
        attempts.AddWrong(token);
        return (StatusCodes.Status403Forbidden, "That is not the code of this message. Nothing was decided.");
    }

    private static DecideRequest? ReadDecision(
        LinkTarget.Open open, IReadOnlyList<ArgumentField> fields, Func<string, string?> form, List<RequestProblem> problems)
    {
        var arguments = ArgumentFields.Read(fields, open.Request.Arguments, form, problems);
        var changed = fields.Count > 0 && ArgumentsHash.Of(open.Request.Tool, arguments) != open.Request.ArgumentsHash;
        DecisionKind? decision = form("decision") switch
        {
            "approve" => DecisionKind.Approve,
            "reject" => DecisionKind.Reject,
            "edit" => DecisionKind.Edit,
            _ => null,
        };
        switch (decision)
        {
            case null:
                problems.Add(new RequestProblem("", "", "Choose Approve or Reject. Nothing was decided."));
                break;
            case DecisionKind.Approve when changed || problems.Count > 0:
                problems.Clear();
                problems.Add(new RequestProblem("", "", "You changed the arguments. Press \u201cApprove with these arguments\u201d to approve your version. Nothing was decided."));
                break;
            case DecisionKind.Edit when fields.Count == 0 || !open.Token.Decisions.HasFlag(AllowedDecisions.Edit):
                problems.Add(new RequestProblem("", "", "These arguments cannot be changed. Approve or reject. Nothing was decided."));
                break;
            case DecisionKind.Edit when !changed && problems.Count == 0:
                problems.Add(new RequestProblem("", "", "You changed nothing. Press Approve to approve what is shown. Nothing was decided."));
                break;
            case DecisionKind.Reject:
                problems.Clear();
                break;
        }
        return problems.Count > 0 ? null : new DecideRequest
        {
            Decision = decision!.Value,
            Approver = open.Token.Approver,
            Reason = form("reason") is { } reason && !string.IsNullOrWhiteSpace(reason) ? reason.Trim() : null,
            Arguments = decision == DecisionKind.Edit ? arguments : null,
            ArgumentsHash = open.Token.ArgumentsHash,
            Via = "link",
        };
    }

    private static HtmlPage Closed(LinkTarget target) => target switch
    {
        LinkTarget.Over { End: LinkEnd.Decided, Request: { Decision: { } decision } request } => ApprovalPage.End(
            StatusCodes.Status410Gone, request.Status == ApprovalStatus.Rejected ? "✕" : "✓", "", "This has been decided",
            $"{decision.Approver} decided about {request.Tool} on {ApprovalPage.Time(decision.DecidedAt)}: {Words(request.Status)}.",
            decision.Reason is { } reason ? $"Reason: {reason}" : null),
        LinkTarget.Over { End: LinkEnd.Voted, Request: var request } => Counted(StatusCodes.Status410Gone, request),
        LinkTarget.Over { Request: var request } => TooLate(request),
        _ => Unknown,
    };

    private static HtmlPage TooLate(ApprovalRequest request) => ApprovalPage.End(
        StatusCodes.Status410Gone, "–", "", "It is too late to decide", request.Status == ApprovalStatus.Withdrawn
            ? $"The session ended before anybody decided about {request.Tool}."
            : $"The time to decide about {request.Tool} ended on {ApprovalPage.Time(request.ExpiresAt)}; {Deadline.Means(request)}.");

    private static HtmlPage Thanks(ApprovalRequest request) => request.Status == ApprovalStatus.Rejected
        ? ApprovalPage.End(StatusCodes.Status200OK, "✕", "bad", "Rejected", $"{request.Tool} does not run. The agent has been told.", "You can close this page.")
        : ApprovalPage.End(
            StatusCodes.Status200OK, "✓", "ok", request.Status == ApprovalStatus.Edited ? "Approved with your arguments" : "Approved",
            $"{request.Tool} runs now, once.", "You can close this page.");

    private static HtmlPage Counted(int status, ApprovalRequest request)
    {
        var more = request.Required - request.Votes.Count;
        return ApprovalPage.End(
            status, "✓", "ok", "Your approval counts", $"{request.Tool} runs when {(more == 1 ? "one more person has" : $"{more} more people have")} approved it too.");
    }

    private static string Words(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Approved => "approved",
        ApprovalStatus.Edited => "approved with other arguments",
        ApprovalStatus.Rejected => "rejected",
        _ => "closed",
    };
}
