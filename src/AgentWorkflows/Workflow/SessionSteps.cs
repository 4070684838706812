using AgentWorkflows.Approvals;
using AgentWorkflows.Durability;
using AgentWorkflows.Steps;
using AgentWorkflows.Workflow.V1;

namespace AgentWorkflows.Workflow;

/// <summary>The wire names of a session's orchestrators and activities. Part of recorded history: they never change.</summary>
internal static class SessionSteps
{
    public static readonly OrchestratorName<SessionInput, SessionResult> Session = new("agent_session");
    public static readonly OrchestratorName<RollbackInput, RollbackReport> Rollback = new("agent_rollback");

    public static readonly ActivityName<OpenSessionInput, Unit> Open = new("session.open");
    public static readonly ActivityName<ForkInput, ForkOutput> Fork = new("session.fork");
    public static readonly ActivityName<PlanInput, PlanOutput> Plan = new("session.plan");
    public static readonly ActivityName<ClassifyInput, ClassifyOutput> Classify = new("session.classify");
    public static readonly ActivityName<AnswerInput, AnswerOutput> Answer = new("session.answer");
    public static readonly ActivityName<SummarizeInput, SummarizeOutput> Summarize = new("session.summarize");
    public static readonly ActivityName<GateInput, GateOutput> Gate = new("session.gate");
    public static readonly ActivityName<RequestApprovalInput, RequestApprovalOutput> RequestApproval = new("approval.request");
    public static readonly ActivityName<AnnounceApprovalInput, AnnounceApprovalOutput> AnnounceApproval = new("approval.announce");
    public static readonly ActivityName<NotifyApprovalInput, NoticeStatus> NotifyApproval = new("approval.notify");
    public static readonly ActivityName<CloseApprovalInput, ClosedApproval> CloseApproval = new("approval.close");
    public static readonly ActivityName<ActInput, ActOutput> Act = new("session.act");
    public static readonly ActivityName<SettleInput, SettleOutput> Settle = new("session.settle");
    public static readonly ActivityName<ObserveInput, ObserveOutput> Observe = new("session.observe");
    public static readonly ActivityName<CheckRollbackInput, CheckRollbackOutput> CheckRollback = new("session.check_rollback");
    public static readonly ActivityName<CompensateInput, CompensateOutput> Compensate = new("session.compensate");
    public static readonly ActivityName<CloseSessionInput, CloseSessionOutput> Close = new("session.close");

    /// <summary>For the steps themselves failing (a full disk, a locked file), not for what models and tools answer: those are results.</summary>
    public static readonly RetryPolicy Infrastructure = new()
    {
        MaxNumberOfAttempts = 6,
        FirstRetryInterval = TimeSpan.FromSeconds(1),
        BackoffCoefficient = 2,
        MaxRetryInterval = TimeSpan.FromSeconds(30),
    };
}
