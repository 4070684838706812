using AgentWorkflows.Http.Agents;
using AgentWorkflows.Http.Approvals;
using AgentWorkflows.Http.Health;
using AgentWorkflows.Http.OpenApi;
using AgentWorkflows.Http.Operations;
using AgentWorkflows.Http.Security;
using AgentWorkflows.Http.Sessions;

namespace AgentWorkflows.Http.Routing;

/// <summary>The whole API as data: each host maps this one list.</summary>
public static class ApiRoutes
{
    private const ApiRoles Readers = ApiRoles.Read | ApiRoles.Operate;

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("StartSession", "POST", "api/sessions", ApiRoles.Start, StartHandlers.StartAsync),
        new("ListSessions", "GET", "api/sessions", Readers, SessionHandlers.ListAsync),
        new("GetSession", "GET", "api/sessions/{id}", Readers, SessionHandlers.GetAsync),
        new("GetTimeline", "GET", "api/sessions/{id}/timeline", Readers, SessionHandlers.TimelineAsync),
        new("GetLedger", "GET", "api/sessions/{id}/ledger", Readers, SessionHandlers.LedgerAsync),
        new("GetTranscript", "GET", "api/sessions/{id}/transcript", Readers, TranscriptHandlers.GetAsync),
        new("SuspendSession", "POST", "api/sessions/{id}/suspend", ApiRoles.Operate, LifecycleHandlers.SuspendAsync),
        new("ResumeSession", "POST", "api/sessions/{id}/resume", ApiRoles.Operate, LifecycleHandlers.ResumeAsync),
        new("TerminateSession", "POST", "api/sessions/{id}/terminate", ApiRoles.Operate, LifecycleHandlers.TerminateAsync),
        new("ForkSession", "POST", "api/sessions/{id}/fork", ApiRoles.Start | ApiRoles.Operate, ForkHandlers.ForkAsync),
        new("RateSession", "POST", "api/sessions/{id}/feedback", Readers | ApiRoles.Start, FeedbackHandlers.RateAsync),
        new("RollBackSession", "POST", "api/sessions/{id}/rollback", ApiRoles.Operate, RollbackHandlers.RollbackAsync),
        new("GetRollback", "GET", "api/sessions/{id}/rollback", Readers, RollbackHandlers.ReportAsync),
        new("ReplaySession", "GET", "api/sessions/{id}/replay", ApiRoles.Operate, OperationHandlers.ReplayAsync),
        new("GetReadiness", "GET", "api/readiness", ApiRoles.Operate, OperationHandlers.ReadinessAsync),
        new("ListApprovals", "GET", "api/approvals", Readers | ApiRoles.Approve, ApprovalHandlers.ListAsync),
        new("GetApproval", "GET", "api/approvals/{id}", Readers | ApiRoles.Approve, ApprovalHandlers.GetAsync),
        new("DecideApproval", "POST", "api/approvals/{id}/decision", ApiRoles.Approve, ApprovalHandlers.DecideAsync),
        new("ListAgents", "GET", "api/agents", Readers | ApiRoles.Start, AgentHandlers.ListAgents),
        new("ListTools", "GET", "api/tools", Readers | ApiRoles.Start, AgentHandlers.ListTools),
        new("Execute", "POST", "execute", ApiRoles.Start, StartHandlers.ExecuteAsync),
        new("GetOpenApi", "GET", "openapi/v1.json", ApiRoles.None, OpenApiHandlers.GetAsync),
        new("Live", "GET", "health/live", ApiRoles.None, HealthHandlers.Live),
        new("Ready", "GET", "health/ready", ApiRoles.None, HealthHandlers.ReadyAsync),
    ];
}
