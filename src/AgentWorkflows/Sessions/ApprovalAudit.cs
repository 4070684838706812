using System.Globalization;
using System.Text.Json;
using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Record;
using AgentWorkflows.Screening;

namespace AgentWorkflows.Sessions;

/// <summary>Writes what people do about a request, and is not a step of its session, into the session's timeline. Thread-safe.</summary>
internal sealed class ApprovalAudit(ISessionStore sessions, TimeProvider time)
{
    /// <summary>Once for each person, however often their page is fetched.</summary>
    public Task ViewedAsync(ApprovalRequest request, string approver, CancellationToken cancellationToken) =>
        AddAsync(request, approver, "view", "viewed", $"The link of {approver} was opened", new { request.Id, approver }, cancellationToken);

    public Task VotedAsync(ApprovalRequest request, ApprovalDecision vote, CancellationToken cancellationToken) => AddAsync(
        request, vote.Approver, "vote", "counted",
        string.Create(CultureInfo.InvariantCulture, $"{vote.Approver} approved {request.Tool}: {request.Votes.Count} of {request.Required}"),
        new { request.Id, vote.Approver, vote.Via, vote.Reason, vote.DecidedAt }, cancellationToken);

    private Task AddAsync(
        ApprovalRequest request, string approver, string what, string status, string title, object detail, CancellationToken cancellationToken) =>
        sessions.AppendTimelineAsync(
            [
                new TimelineEntry
                {
                    SessionId = request.SessionId,
                    Key = string.Create(CultureInfo.InvariantCulture, $"{request.Turn}/approval/{request.Id}/{what}/{Approver.Normalize(approver)}"),
                    Turn = request.Turn,
                    Kind = TimelineKind.Approval,
                    Title = Redaction.Text(title),
                    Status = status,
                    At = time.GetUtcNow(),
                    Tool = request.Tool,
                    StepId = request.StepId,
                    Detail = Redaction.Json(JsonSerializer.SerializeToElement(detail, DurableJson.Options)),
                },
            ],
            cancellationToken);
}
