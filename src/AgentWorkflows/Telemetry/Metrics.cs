
namespace AgentWorkflows.Telemetry;

/// <summary>Every metric of the product. Alerts, dashboards and docs go by these names: they never change their meaning.</summary>
internal static class Metrics
{
    private static readonly double[] CallSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] Usd = [0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    public static readonly MetricDefinition TokenUsage = new(
        "gen_ai.client.token.usage", MetricKind.Histogram, "{token}", "Tokens of a model call, as billed.",
        [Attributes.Operation, Attributes.Provider, Attributes.TokenType, Attributes.RequestModel, Attributes.ResponseModel])
    { Buckets = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] };

    public static readonly MetricDefinition OperationDuration = new(
        "gen_ai.client.operation.duration", MetricKind.Histogram, "s", "How long a model call took.",
        [Attributes.Operation, Attributes.Provider, Attributes.RequestModel, Attributes.ResponseModel, Attributes.Error])
    { Buckets = CallSeconds };

    public static readonly MetricDefinition AgentDuration = new(
        "gen_ai.invoke_agent.duration", MetricKind.Histogram, "s", "From a session's start to its end, the time people took included.",
        [Attributes.Agent, Attributes.TaskType, Attributes.Status, Attributes.Error])
    { Buckets = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6, 1800, 3600, 14400, 86400] };

    public static readonly MetricDefinition ToolDuration = new(
        "gen_ai.execute_tool.duration", MetricKind.Histogram, "s", "How long a tool call took.",
        [Attributes.Tool, Attributes.ToolType, Attributes.Agent, Attributes.Error])
    { Buckets = CallSeconds };

    public static readonly MetricDefinition Cost = new(
        "agentworkflows.cost", MetricKind.Counter, "{USD}", "What model and tool calls cost.",
        [Attributes.CostKind, Attributes.Agent, Attributes.RequestModel, Attributes.Tool]);

    public static readonly MetricDefinition CacheHits = new(
        "agentworkflows.model.cache_hits", MetricKind.Counter, "{call}", "Model calls that were answered from the cache.",
        [Attributes.Agent, Attributes.RequestModel]);

    public static readonly MetricDefinition SessionsStarted = new(
        "agentworkflows.sessions.started", MetricKind.Counter, "{session}", "Sessions that began.", [Attributes.Agent, Attributes.TaskType]);

    public static readonly MetricDefinition SessionsFinished = new(
        "agentworkflows.sessions.finished", MetricKind.Counter, "{session}", "Sessions that ended.",
        [Attributes.Agent, Attributes.TaskType, Attributes.Status, Attributes.FailureCategory]);

    public static readonly MetricDefinition SessionIterations = new(
        "agentworkflows.session.iterations", MetricKind.Histogram, "{turn}", "Turns a session took.",
        [Attributes.Agent, Attributes.TaskType, Attributes.Status])
    { Buckets = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100] };

    public static readonly MetricDefinition SessionCost = new(
        "agentworkflows.session.cost", MetricKind.Histogram, "{USD}", "What a session cost.",
        [Attributes.Agent, Attributes.TaskType, Attributes.Status])
    { Buckets = Usd };

    public static readonly MetricDefinition RollbacksFinished = new(
        "agentworkflows.rollbacks.finished", MetricKind.Counter, "{rollback}", "Rollbacks asked for after a session's end that ended themselves.",
        [Attributes.Agent, Attributes.Status]);

    public static readonly MetricDefinition ToolCalls = new(
        "agentworkflows.tool.calls", MetricKind.Counter, "{call}", "Tool calls that were made, each attempt.",
        [Attributes.Tool, Attributes.Agent, Attributes.Tier, Attributes.Outcome, Attributes.Compensation]);

    public static readonly MetricDefinition Compensations = new(
        "agentworkflows.compensations", MetricKind.Counter, "{compensation}", "Compensations that ended; without those that are tried again.",
        [Attributes.Tool, Attributes.Agent, Attributes.Outcome]);

    public static readonly MetricDefinition GuardStops = new(
        "agentworkflows.guard.stops", MetricKind.Counter, "{session}", "Sessions that a limit, a cap or a loop ended.",
        [Attributes.Agent, Attributes.FailureType]);

    public static readonly MetricDefinition Escalations = new(
        "agentworkflows.escalations", MetricKind.Counter, "{escalation}",
        "Steps that went another way than planned, and approvals that went to the next people.",
        [Attributes.Agent, Attributes.Escalation]);

    public static readonly MetricDefinition ApprovalsRequested = new(
        "agentworkflows.approvals.requested", MetricKind.Counter, "{approval}", "Requests put in front of people.",
        [Attributes.Agent, Attributes.Tool, Attributes.ApprovalKind]);

    public static readonly MetricDefinition ApprovalWait = new(
        "agentworkflows.approval.wait", MetricKind.Histogram, "s", "From a request to its decision, or to the end of its time.",
        [Attributes.Agent, Attributes.Tool, Attributes.ApprovalStatus])
    { Buckets = [1, 10, 30, 60, 300, 900, 1800, 3600, 7200, 14400, 43200, 86400, 259200, 604800] };

    public static readonly MetricDefinition Injections = new(
        "agentworkflows.injection.detections", MetricKind.Counter, "{detection}", "Texts that looked like instructions to the model.",
        [Attributes.InjectionSource, Attributes.InjectionPolicy, Attributes.Agent, Attributes.Tool]);

    public static readonly MetricDefinition BreakerOpenings = new(
        "agentworkflows.breaker.openings", MetricKind.Counter, "{opening}", "Circuit breakers that opened.",
        [Attributes.BreakerKind, Attributes.BreakerKey]);

    public static readonly MetricDefinition CapRefusals = new(
        "agentworkflows.reservations.refused", MetricKind.Counter, "{call}", "Calls that were not made, because a cap had no room.",
        [Attributes.Cap, Attributes.CostKind, Attributes.Agent]);

    public static readonly MetricDefinition SessionsRunning = new(
        "agentworkflows.sessions.running", MetricKind.Gauge, "{session}", "Sessions that are under way, those that wait for people not counted.", []);

    public static readonly MetricDefinition SessionsStuck = new(
        "agentworkflows.sessions.stuck", MetricKind.Gauge, "{session}", "Sessions under way without a step for longer than the configured time.", []);

    public static readonly MetricDefinition ApprovalsPending = new(
        "agentworkflows.approvals.pending", MetricKind.Gauge, "{approval}", "Requests that wait for a decision.", []);

    public static readonly MetricDefinition ApprovalsOldest = new(
        "agentworkflows.approvals.oldest", MetricKind.Gauge, "s", "How long the oldest of the requests that wait has waited.", []);

    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        TokenUsage, OperationDuration, AgentDuration, ToolDuration, Cost, CacheHits, SessionsStarted, SessionsFinished, SessionIterations,
        SessionCost, RollbacksFinished, ToolCalls, Compensations, GuardStops, Escalations, ApprovalsRequested, ApprovalWait, Injections,
        BreakerOpenings, CapRefusals,
        SessionsRunning, SessionsStuck, ApprovalsPending, ApprovalsOldest,
    ];
}
