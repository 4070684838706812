using AgentWorkflows.AspNetCore.Agents;
using AgentWorkflows.AspNetCore.Approvals;
using AgentWorkflows.AspNetCore.Approvals.Page;
using AgentWorkflows.AspNetCore.Console;
using AgentWorkflows.AspNetCore.Health;
using AgentWorkflows.AspNetCore.Live;
using AgentWorkflows.AspNetCore.OpenApi;
using AgentWorkflows.AspNetCore.Operations;
using AgentWorkflows.AspNetCore.Reports;
using AgentWorkflows.AspNetCore.Security;
using AgentWorkflows.AspNetCore.Sessions;

namespace AgentWorkflows.AspNetCore.Routing;

/// <summary>The whole API as data: each host maps this one list.</summary>
internal static class ApiRoutes
{
    private const ApiRoles Readers = ApiRoles.Read | ApiRoles.Operate;

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("StartSession", "POST", "api/sessions", ApiRoles.Start, StartHandlers.StartAsync),
        new("ListSessions", "GET", "api/sessions", Readers, SessionHandlers.ListAsync),
        new("CountSessions", "GET", "api/counts", Readers, CountHandlers.CountAsync),
        new("GetSession", "GET", "api/sessions/{id}", Readers, SessionHandlers.GetAsync),
        new("GetTimeline", "GET", "api/sessions/{id}/timeline", Readers, SessionHandlers.TimelineAsync),
        new("GetTranscript", "GET", "api/sessions/{id}/transcript", Readers, InspectionHandlers.TranscriptAsync),
        new("GetState", "GET", "api/sessions/{id}/state", Readers, InspectionHandlers.StateAsync),
        new("GetLimits", "GET", "api/sessions/{id}/limits", Readers, InspectionHandlers.LimitsAsync),
        new("FollowSession", "GET", "api/sessions/{id}/events", Readers, EventHandlers.OfSessionAsync),
        new("Follow", "GET", "api/events", Readers | ApiRoles.Approve, EventHandlers.AllAsync),
        new("GetLedger", "GET", "api/sessions/{id}/ledger", Readers, SessionHandlers.LedgerAsync),
        new("SuspendSession", "POST", "api/sessions/{id}/suspend", ApiRoles.Operate, LifecycleHandlers.SuspendAsync),
        new("ResumeSession", "POST", "api/sessions/{id}/resume", ApiRoles.Operate, LifecycleHandlers.ResumeAsync),
        new("TerminateSession", "POST", "api/sessions/{id}/terminate", ApiRoles.Operate, LifecycleHandlers.TerminateAsync),
        new("ForkSession", "POST", "api/sessions/{id}/fork", ApiRoles.Start | ApiRoles.Operate, ForkHandlers.ForkAsync),
        new("RateSession", "POST", "api/sessions/{id}/feedback", Readers | ApiRoles.Start, FeedbackHandlers.RateAsync),
        new("RollBackSession", "POST", "api/sessions/{id}/rollback", ApiRoles.Operate, RollbackHandlers.RollbackAsync),
        new("GetRollback", "GET", "api/sessions/{id}/rollback", Readers, RollbackHandlers.ReportAsync),
        new("ReplaySession", "GET", "api/sessions/{id}/replay", ApiRoles.Operate, OperationHandlers.ReplayAsync),
        new("GetReadiness", "GET", "api/readiness", ApiRoles.Operate, OperationHandlers.ReadinessAsync),
        new("GetDailyReport", "GET", "api/reports/daily", Readers, ReportHandlers.DailyAsync),
        new("ListApprovals", "GET", "api/approvals", Readers | ApiRoles.Approve, ApprovalHandlers.ListAsync),
        new("GetApproval", "GET", "api/approvals/{id}", Readers | ApiRoles.Approve, ApprovalHandlers.GetAsync),
        new("DecideApproval", "POST", "api/approvals/{id}/decision", ApiRoles.Approve, ApprovalHandlers.DecideAsync),
        new("ShowApprovalPage", "GET", "approve/{token}", ApiRoles.None, ApprovalPageHandlers.ShowAsync),
        new("DecideOnApprovalPage", "POST", "approve/{token}", ApiRoles.None, ApprovalPageHandlers.DecideAsync),
        new("ListAgents", "GET", "api/agents", Readers | ApiRoles.Start, AgentHandlers.ListAgents),
        new("ListTools", "GET", "api/tools", Readers | ApiRoles.Start, AgentHandlers.ListTools),
        new("Execute", "POST", "execute", ApiRoles.Start, StartHandlers.ExecuteAsync),
        new("GetOpenApi", "GET", "openapi/v1.json", ApiRoles.None, OpenApiHandlers.GetAsync),
        new("GetHealth", "GET", "api/health", Readers, HealthDetail.Get),
        new("GetMe", "GET", "api/me", Readers | ApiRoles.Start | ApiRoles.Approve, CallerHandlers.Me),
        new("Console", "GET", "", ApiRoles.None, ConsoleHandlers.Index),
        new("ConsoleFile", "GET", "console/{version}/{*path}", ApiRoles.None, ConsoleHandlers.Asset),
        new("Live", "GET", "health/live", ApiRoles.None, HealthHandlers.Live),
        new("Ready", "GET", "health/ready", ApiRoles.None, HealthHandlers.ReadyAsync),
    ];
}
