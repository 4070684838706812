using AgentWorkflows.Approvals;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.AspNetCore.Sessions;
using AgentWorkflows.Compensation;
using AgentWorkflows.Costs;
using AgentWorkflows.Operations.Readiness;
using AgentWorkflows.Record;
using AgentWorkflows.Tools;
using AgentWorkflows.Words;

namespace AgentWorkflows.AspNetCore.OpenApi;

/// <summary>Which texts of the API's records come from a closed set.</summary>
internal static class Vocabulary
{
    private static readonly Dictionary<(Type Type, string Name), string[]> Words = new()
    {
        [(typeof(SessionResponse), "status")] = Enum.GetNames<SessionStatus>(),
        [(typeof(SessionSummary), "status")] = Enum.GetNames<SessionStatus>(),
        [(typeof(FailureResponse), "category")] = Enum.GetNames<FailureCategory>(),
        [(typeof(CompensationResponse), "status")] = Enum.GetNames<CompensationStatus>(),
        [(typeof(CompensationResponse), "action")] = Enum.GetNames<ActionOutcome>(),
        [(typeof(CompensationResponse), "tier")] = Snake<ToolTier>(),
        [(typeof(RollbackItem), "status")] = Enum.GetNames<CompensationStatus>(),
        [(typeof(RollbackItem), "action")] = Enum.GetNames<ActionOutcome>(),
        [(typeof(TimelineItem), "kind")] = Enum.GetNames<TimelineKind>(),
        [(typeof(LedgerItem), "kind")] = Enum.GetNames<CostKind>(),
        [(typeof(LedgerItem), "status")] = Enum.GetNames<LedgerEntryStatus>(),
        [(typeof(ApprovalResponse), "status")] = Enum.GetNames<ApprovalStatus>(),
        [(typeof(ApprovalResponse), "tier")] = Snake<ToolTier>(),
        [(typeof(PendingApprovalResponse), "tier")] = Snake<ToolTier>(),
        [(typeof(FeedbackResponse), "rating")] = Snake<FeedbackRating>(),
        [(typeof(FindingResponse), "status")] = Snake<ReadinessStatus>(),
    };

    public static IReadOnlyList<string>? Of(Type type, string name) => Words.GetValueOrDefault((type, name));

    /// <summary>The names that definitions and requests use.</summary>
    public static string[] Snake<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(SnakeCase.Of)];
}
