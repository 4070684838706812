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
using static AgentWorkflows.AspNetCore.Routing.ApiRoute;

namespace AgentWorkflows.AspNetCore.Routing;

/// <summary>The whole API as data: each host maps this one list.</summary>
internal static class ApiRoutes
{
    private const ApiRoles Readers = ApiRoles.Read | ApiRoles.Operate;

    /// <summary>Every class of <see cref="ApiRoute.Handlers"/>, once.</summary>
    public static IEnumerable<Type> HandlerTypes => All.Select(route => route.Handlers).OfType<Type>().Distinct();

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        To<StartHandlers>("StartSession", "POST", "api/sessions", ApiRoles.Start, handlers => handlers.StartAsync),
        To<SessionHandlers>("ListSessions", "GET", "api/sessions", Readers, handlers => handlers.ListAsync),
        To<CountHandlers>("CountSessions", "GET", "api/counts", Readers, handlers => handlers.CountAsync),
        To<SessionHandlers>("GetSession", "GET", "api/sessions/{id}", Readers, handlers => handlers.GetAsync),
        To<SessionHandlers>("GetTimeline", "GET", "api/sessions/{id}/timeline", Readers, handlers => handlers.TimelineAsync),
        To<InspectionHandlers>("GetTranscript", "GET", "api/sessions/{id}/transcript", Readers, handlers => handlers.TranscriptAsync),
        To<InspectionHandlers>("GetState", "GET", "api/sessions/{id}/state", Readers, handlers => handlers.StateAsync),
        To<InspectionHandlers>("GetLimits", "GET", "api/sessions/{id}/limits", Readers, handlers => handlers.LimitsAsync),
        To<EventHandlers>("FollowSession", "GET", "api/sessions/{id}/events", Readers, handlers => handlers.OfSessionAsync),
        To<EventHandlers>("Follow", "GET", "api/events", Readers | ApiRoles.Approve, handlers => handlers.AllAsync),
        To<SessionHandlers>("GetLedger", "GET", "api/sessions/{id}/ledger", Readers, handlers => handlers.LedgerAsync),
        To<LifecycleHandlers>("SuspendSession", "POST", "api/sessions/{id}/suspend", ApiRoles.Operate, handlers => handlers.SuspendAsync),
        To<LifecycleHandlers>("ResumeSession", "POST", "api/sessions/{id}/resume", ApiRoles.Operate, handlers => handlers.ResumeAsync),
        To<LifecycleHandlers>("TerminateSession", "POST", "api/sessions/{id}/terminate", ApiRoles.Operate, handlers => handlers.TerminateAsync),
        To<ForkHandlers>("ForkSession", "POST", "api/sessions/{id}/fork", ApiRoles.Start | ApiRoles.Operate, handlers => handlers.ForkAsync),
        To<FeedbackHandlers>("RateSession", "POST", "api/sessions/{id}/feedback", Readers | ApiRoles.Start, handlers => handlers.RateAsync),
        To<RollbackHandlers>("RollBackSession", "POST", "api/sessions/{id}/rollback", ApiRoles.Operate, handlers => handlers.RollbackAsync),
        To<RollbackHandlers>("GetRollback", "GET", "api/sessions/{id}/rollback", Readers, handlers => handlers.ReportAsync),
        To<OperationHandlers>("ReplaySession", "GET", "api/sessions/{id}/replay", ApiRoles.Operate, handlers => handlers.ReplayAsync),
        To<OperationHandlers>("GetReadiness", "GET", "api/readiness", ApiRoles.Operate, handlers => handlers.ReadinessAsync),
        To<ReportHandlers>("GetDailyReport", "GET", "api/reports/daily", Readers, handlers => handlers.DailyAsync),
        To<ApprovalHandlers>("ListApprovals", "GET", "api/approvals", Readers | ApiRoles.Approve, handlers => handlers.ListAsync),
        To<ApprovalHandlers>("GetApproval", "GET", "api/approvals/{id}", Readers | ApiRoles.Approve, handlers => handlers.GetAsync),
        To<ApprovalHandlers>("DecideApproval", "POST", "api/approvals/{id}/decision", ApiRoles.Approve, handlers => handlers.DecideAsync),
        To<ApprovalPageHandlers>("ShowApprovalPage", "GET", "approve/{token}", ApiRoles.None, handlers => handlers.ShowAsync),
        To<ApprovalPageHandlers>("DecideOnApprovalPage", "POST", "approve/{token}", ApiRoles.None, handlers => handlers.DecideAsync),
        To<AgentHandlers>("ListAgents", "GET", "api/agents", Readers | ApiRoles.Start, handlers => handlers.ListAgents),
        To<AgentHandlers>("ListTools", "GET", "api/tools", Readers | ApiRoles.Start, handlers => handlers.ListTools),
        To<StartHandlers>("Execute", "POST", "execute", ApiRoles.Start, handlers => handlers.ExecuteAsync),
        new("GetOpenApi", "GET", "openapi/v1.json", ApiRoles.None, OpenApiHandlers.GetAsync),
        To<HealthDetail>("GetHealth", "GET", "api/health", Readers, handlers => handlers.Get),
        To<CallerHandlers>("GetMe", "GET", "api/me", Readers | ApiRoles.Start | ApiRoles.Approve, handlers => handlers.Me),
        new("Console", "GET", "", ApiRoles.None, ConsoleHandlers.Index),
        new("ConsoleFile", "GET", "console/{version}/{*path}", ApiRoles.None, ConsoleHandlers.Asset),
        new("Live", "GET", "health/live", ApiRoles.None, HealthHandlers.Live),
        To<HealthHandlers>("Ready", "GET", "health/ready", ApiRoles.None, handlers => handlers.ReadyAsync),
    ];
}
