using System.Text.Json;
using AgentWorkflows.AspNetCore.Agents;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Console;
using AgentWorkflows.AspNetCore.Health;
using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.AspNetCore.Sessions;

namespace AgentWorkflows.AspNetCore.OpenApi;

/// <summary>One answer of each kind, as records: what the records no longer hold does not compile here.</summary>
internal static class Examples
{
    public const string Hash = "7d1f6d5b0c3e4a2f9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a";
    private const string Id = "s-r6mxtgq2e6wp8uy8";
    private const string Goal = "Refund order 1042, it arrived broken, and tell the customer";

    public static readonly DateTimeOffset At = new(2026, 11, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly JsonElement Arguments = JsonElement.Parse("""{"order_id":1042,"reason":"it arrived broken"}""");

    public static StartedResponse Started => StartedResponse.For(Id);

    public static StartedResponse Terminated => Started with { Rollback = "started" };

    public static StartedResponse Forked => StartedResponse.For("s-332fmtasczv6awdk") with { ForkedFrom = new ForkSourceResponse(Id, 2) };

    public static SessionResponse Session => new()
    {
        Id = Id,
        Agent = "order-desk",
        Goal = Goal,
        TaskType = "refund",
        UserId = "u-1",
        AgentVersion = "1.0",
        SnapshotHash = "sha256:" + Hash,
        Status = "AwaitingApproval",
        Phase = "approval",
        Turn = 2,
        ToolCalls = 1,
        CostUsd = 0.001173m,
        Tokens = 1905,
        PendingApprovals = [new PendingApprovalResponse($"{Id}.2.refund", "issue_refund", Arguments, Hash, "write_risky", At.AddHours(24))],
        Compensations = [],
        WaitingSince = At.AddSeconds(1),
        CreatedAt = At,
        UpdatedAt = At.AddSeconds(1),
    };

    public static SessionResponse Completed => Session with
    {
        Status = "Completed",
        Phase = "done",
        Turn = 4,
        ToolCalls = 3,
        CostUsd = 0.005139m,
        Tokens = 5736,
        Answer = "Order 1042 was refunded: 53.70 USD. Kofi Castillo has been told.",
        PendingApprovals = [],
        WaitedSeconds = 42.5,
        WaitingSince = null,
        Compensations =
        [
            new CompensationResponse(2, "refund", "issue_refund", "write_risky", "Done", "Registered", null),
            new CompensationResponse(3, "notice", "send_message", "write_risky", "Done", "Registered", null),
        ],
        Feedback = new FeedbackResponse("good", null, "u-1", At.AddMinutes(5)),
    };

    public static SessionListResponse Sessions => new(
        [new SessionSummary(Id, "order-desk", Goal, "refund", "u-1", "AwaitingApproval", "approval", 2, 0.001173m, 1905, At, At.AddSeconds(1))],
        "638975646000000000_" + Id);

    public static TimelineResponse Timeline => new(
        [
            new TimelineItem
            {
                Sequence = 17, Turn = 2, Kind = "Plan", Title = "Order 1042 is paid, 53.70 USD: refund it.", Status = "steps", At = At, DurationMs = 3.2,
                CostUsd = 0.000631m, Tokens = 1021,
            },
        ],
        17);

    public static LedgerResponse Ledger => new(Id, 0.000542m, 0, [new LedgerItem
    {
        Id = $"{Id}/1/plan/1", Turn = 1, Kind = "Model", Subject = "gpt-4.1-mini", Purpose = "plan", Status = "Settled", ReservedUsd = 0.0021m, CostUsd = 0.000542m,
        InputTokens = 1105, OutputTokens = 62, PriceSheetVersion = "2026-11-01", ReservedAt = At, SettledAt = At.AddSeconds(1),
    }]);

    public static TurnResponse Turn => new(1, At, "Look order 1042 up before any money moves.", null, "gpt-4.1-mini", 884, 0.000542m, [],
    [
        new CallResponse
        {
            StepId = "order",
            Tool = "get_order",
            Arguments = JsonElement.Parse("""{"order_id":1042}"""),
            SuccessCriteria = [new CriterionResponse("customer.email", "exists", null)],
            OnFailure = "replan",
            Attempts = [new AttemptResponse(true, "Done", 12.5, 0, null)],
            Outcome = "succeeded",
            Result = JsonElement.Parse("""{"order_id":1042,"payment_status":"paid","total":53.70}"""),
            ResultBytes = 54,
        },
    ]);

    public static TranscriptResponse Transcript => new(
        Id, Goal, JsonElement.Parse("""{"user_id":"u-1","project_id":"demo","budget_limit":1.0,"task_priority":"normal"}"""), null, null, [Turn]);

    public static TurnStateResponse State => new()
    {
        SessionId = Id,
        Turn = 1,
        LastTurn = 4,
        At = At.AddSeconds(1),
        CostUsd = 0.000542m,
        Tokens = 884,
        ToolCalls = 1,
        Retries = 0,
        CallsByTool = new Dictionary<string, int> { ["get_order"] = 1 },
        Saga = [],
        Transcript = [Turn],
    };

    public static LimitsResponse Limits => new(Id, [new LimitResponse("cost", "usd", 0.005139m, 0.5m), new LimitResponse("turns", "count", 4, 10)]);

    public static CountsResponse Counts => new(new Dictionary<string, int> { ["AwaitingApproval"] = 2, ["Completed"] = 118 });

    public static CallerResponse Me => new("ops", "ada", ["read", "operate"], true);

    public static RollbackResponse Rollback => new(
        Id, "RolledBack", true, [new RollbackItem(3, "notice", "send_message", "Done", "Done", null), new RollbackItem(2, "refund", "issue_refund", "Done", "Done", null)], [], []);

    public static ReplayResponse Replay => new(Id, false, [new ReplayedInstanceResponse(Id, "Completed", 68, null)]);

    public static HealthResponse Health => new("degraded", [new BreakerResponse("deployment", "gpt-4.1-mini", "open", null, At)]);

    public static ReadinessResponse Readiness => new(false,
    [
        new FindingResponse("caps_set", "order-desk", "ok", "A session may cost 0.50 USD.", null),
        new FindingResponse("keys_set", "host", "failed", "No API keys.", "Configure ApiKeys in agentworkflows.json or the environment."),
    ]);

    public static ApprovalResponse Approval => new()
    {
        Id = $"{Id}.2.refund",
        SessionId = Id,
        Agent = "order-desk",
        Goal = Goal,
        UserId = "u-1",
        Turn = 2,
        StepId = "refund",
        Tool = "issue_refund",
        Tier = "write_risky",
        Arguments = Arguments,
        ArgumentsHash = Hash,
        Reason = "'issue_refund' is write_risky: payment.refund",
        Undo = "It is undone by reverse_refund.",
        RequestedAt = At,
        ExpiresAt = At.AddHours(24),
        Status = "Pending",
        CostUsd = 0.001173m,
        Approvers = [new ApproverResponse("ann@example.com", At)],
        Preview = [new ChangeResponse("Payment", "paid", "refunded")],
        Notices = [new NoticeResponse("email", "ann@example.com", "request", "delivered", 1, At.AddSeconds(1), null)],
    };

    public static ApprovalListResponse Approvals => new([Approval]);

    public static ApprovalResponse Decided => Approval with { Status = "Approved", Decision = new DecisionResponse("Approved", "ada", null, null, At.AddMinutes(2)) };

    public static AgentListResponse Agents => new([new AgentResponse(
        "order-desk", "1.0", "Answers questions about orders, refunds and cancels them, and writes to customers.", ["project_id", "user_id", "budget_limit", "task_priority"],
        ["get_order", "issue_refund"], new AgentLimits(0.5m, 10, 15, 50_000, 3600, 3), ["write_risky", "destructive"])]);

    public static ToolListResponse Tools => new([new ToolResponse(
        "order-desk", "issue_refund", "Pays money back for a paid order.", "payments", "write_risky", true, 15, 3, true, false, ["payment.refund"], "reverse_refund", 0.002m,
        JsonElement.Parse("""{"type":"object","properties":{"order_id":{"type":"integer"}},"required":["order_id"],"additionalProperties":false}"""))]);

    public static LiveResponse Live => new("live");

    public static ReadyResponse Ready => new("ready", "ok", "ok");

    public static ReadyResponse NotReady => new("not_ready", "ok", "failed");
}
