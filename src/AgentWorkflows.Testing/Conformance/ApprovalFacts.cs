using AgentWorkflows.Approvals;
using AgentWorkflows.Tools;

namespace AgentWorkflows.Testing.Conformance;

/// <summary>A request and a decision for the suites of the approval store.</summary>
internal static class ApprovalFacts
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Deadline = Noon.AddHours(4);

    public static ApprovalRequest Request(string id, string sessionId = "s-1") => new()
    {
        Id = id,
        SessionId = sessionId,
        InstanceId = sessionId,
        Agent = "order-desk",
        Goal = "Refund “1001” 🚀",
        UserId = "u-1",
        Turn = 2,
        StepId = "r",
        Tool = "refund",
        Tier = ToolTier.WriteRisky,
        Arguments = SessionFacts.Json("""{"order":"1001","amount":12.50}"""),
        ArgumentsHash = "sha256:args",
        Reason = "It costs money.",
        Undo = "Charge again.",
        RequestedAt = Noon,
        ExpiresAt = Deadline,
        CostMicros = 42,
    };

    public static ApprovalDecision Decision(string id) => new()
    {
        DecisionId = id,
        Status = ApprovalStatus.Approved,
        Approver = "bo",
        ArgumentsHash = "sha256:args",
        DecidedAt = Noon.AddMinutes(1),
    };
}
