namespace AgentWorkflows.Telemetry;

/// <summary>
/// The names of span attributes and metric dimensions: OpenTelemetry's for generative AI (semantic conventions of 2026) where there is one, else our
/// own under <c>agentworkflows.</c>. Values are names from configuration and closed lists; never what a user, a model or a tool has said.
/// </summary>
internal static class Attributes
{
    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string Conversation = "gen_ai.conversation.id";
    public const string Agent = "gen_ai.agent.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string RequestTemperature = "gen_ai.request.temperature";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string OutputType = "gen_ai.output.type";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string CachedInputTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string Tool = "gen_ai.tool.name";
    public const string ToolType = "gen_ai.tool.type";
    public const string Error = "error.type";

    /// <summary>The name of a route of the API.</summary>
    public const string Route = "agentworkflows.route";
    public const string Turn = "agentworkflows.turn";
    public const string Snapshot = "agentworkflows.snapshot.hash";
    public const string Purpose = "agentworkflows.purpose";
    public const string Attempt = "agentworkflows.attempt";
    public const string TaskType = "agentworkflows.task_type";
    public const string Status = "agentworkflows.session.status";
    public const string FailureCategory = "agentworkflows.failure.category";
    public const string FailureType = "agentworkflows.failure.type";
    public const string Cost = "agentworkflows.cost_usd";
    public const string CostKind = "agentworkflows.cost.kind";
    public const string Cap = "agentworkflows.cap";
    public const string Tier = "agentworkflows.tool.tier";
    public const string Outcome = "agentworkflows.outcome";
    public const string Compensation = "agentworkflows.compensation";
    public const string ToolCalls = "agentworkflows.tool_calls";
    public const string Tokens = "agentworkflows.tokens";
    public const string RequestId = "agentworkflows.provider.request_id";
    public const string ApprovalStatus = "agentworkflows.approval.status";
    public const string ApprovalKind = "agentworkflows.approval.kind";
    public const string Escalation = "agentworkflows.escalation.kind";
    public const string InjectionSource = "agentworkflows.injection.source";
    public const string InjectionPolicy = "agentworkflows.injection.policy";
    public const string BreakerKind = "agentworkflows.breaker.kind";
    public const string BreakerKey = "agentworkflows.breaker.key";
}
