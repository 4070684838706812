using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Costs;
using AgentWorkflows.Durability;
using AgentWorkflows.Models;
using AgentWorkflows.Operations;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Record;
using AgentWorkflows.Sessions;
using AgentWorkflows.Steps;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Tools;
using AgentWorkflows.Tools.Sources;
using AgentWorkflows.Words;
using AgentWorkflows.Workflow;
using AgentWorkflows.Workflow.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AgentWorkflows.Hosting;

/// <summary>Every orchestrator, activity and service of the product, for a host to compose.</summary>
internal static class WorkflowRegistration
{
    public static DurableRegistry AddAgentWorkflows(this DurableRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return new LoggedSteps(registry)
            .AddOrchestrator(SessionSteps.Session, _ => new AgentSessionOrchestrator())
            .AddOrchestrator(SessionSteps.Rollback, _ => new AgentRollbackOrchestrator())
            .AddActivity<OpenSessionActivity, OpenSessionInput, Unit>(SessionSteps.Open)
            .AddActivity<ForkActivity, ForkInput, ForkOutput>(SessionSteps.Fork)
            .AddActivity<PlanActivity, PlanInput, PlanOutput>(SessionSteps.Plan)
            .AddActivity<ClassifyActivity, ClassifyInput, ClassifyOutput>(SessionSteps.Classify)
            .AddActivity<AnswerActivity, AnswerInput, AnswerOutput>(SessionSteps.Answer)
            .AddActivity<SummarizeActivity, SummarizeInput, SummarizeOutput>(SessionSteps.Summarize)
            .AddActivity<GateActivity, GateInput, GateOutput>(SessionSteps.Gate)
            .AddActivity<RequestApprovalActivity, RequestApprovalInput, RequestApprovalOutput>(SessionSteps.RequestApproval)
            .AddActivity<AnnounceApprovalActivity, AnnounceApprovalInput, AnnounceApprovalOutput>(SessionSteps.AnnounceApproval)
            .AddActivity<NotifyApprovalActivity, NotifyApprovalInput, NoticeStatus>(SessionSteps.NotifyApproval)
            .AddActivity<CloseApprovalActivity, CloseApprovalInput, ClosedApproval>(SessionSteps.CloseApproval)
            .AddActivity<ActActivity, ActInput, ActOutput>(SessionSteps.Act)
            .AddActivity<SettleActivity, SettleInput, SettleOutput>(SessionSteps.Settle)
            .AddActivity<ObserveActivity, ObserveInput, ObserveOutput>(SessionSteps.Observe)
            .AddActivity<CheckRollbackActivity, CheckRollbackInput, CheckRollbackOutput>(SessionSteps.CheckRollback)
            .AddActivity<CompensateActivity, CompensateInput, CompensateOutput>(SessionSteps.Compensate)
            .AddActivity<CloseSessionActivity, CloseSessionInput, CloseSessionOutput>(SessionSteps.Close);
    }

    /// <summary>
    /// The product's services. The host adds what touches the outside: <see cref="IOrchestrationClient"/>, <see cref="ISessionStore"/>, <see cref="IApprovalStore"/>,
    /// <see cref="ICostLedger"/>, <see cref="IAgentCatalog"/>, <see cref="IToolCatalog"/>, <see cref="IChatModelCatalog"/>, <see cref="ApprovalKeyRing"/> and logging,
    /// and an <see cref="IApprovalChannel"/> for each way to tell people about approvals.
    /// </summary>
    public static IServiceCollection AddAgentWorkflows(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdSource>();
        services.TryAddSingleton<Instruments>();
        services.TryAddSingleton(new SessionWatchOptions());
        services.AddSingleton<SessionWatch>();
        services.TryAddSingleton(new CostCapOptions());
        services.TryAddSingleton(new ReportOptions());
        services.TryAddSingleton<ReportService>();
        services.TryAddSingleton(new ReportDeliveryOptions());
        services.TryAddSingleton(new RetentionOptions());
        services.TryAddSingleton(new DailyWorkOptions());
        services.AddSingleton<ReportDelivery>();
        services.AddSingleton<RetentionRun>();
        services.AddSingleton<DailyWork>();
        services.AddSingleton<OverdueReservations>();
        services.AddSingleton<AgentSnapshots>();
        services.TryAddSingleton<IPlaybooks>(provider => provider.GetRequiredService<AgentSnapshots>());
        services.AddSingleton<StepRecorder>();
        services.AddSingleton<StepReader>();
        services.TryAddSingleton(provider => new ToolSources([], provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ToolSources>>()));
        services.AddSingleton<ToolRunner>();
        services.AddSingleton(provider => new ToolTraffic(
            provider.GetRequiredService<TimeProvider>(), tool => provider.GetRequiredService<Instruments>().BreakerOpened("tool", tool)));
        services.AddSingleton<MeteredCalls>();
        services.TryAddSingleton(provider => new ModelHealth(
            provider.GetRequiredService<TimeProvider>(), opened: provider.GetRequiredService<Instruments>().BreakerOpened));
        services.AddSingleton<InputCalibration>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<ModelCalls>();
        services.AddSingleton<SideCalls>();
        services.AddSingleton<PlanRequests>();
        services.AddSingleton<PlanReport>();
        services.AddSingleton<SessionEnds>();
        services.AddSingleton<StoreComparison>();
        services.AddSingleton<SessionInspector>();
        services.AddSingleton<ForkService>();
        return services.AddSessionServices().AddApprovals();
    }

    /// <summary>Classes for programs, whose constructors are not for programs: the container cannot see those.</summary>
    private static IServiceCollection AddSessionServices(this IServiceCollection services) => services
        .AddSingleton(provider => new SessionService(
            provider.GetRequiredService<IOrchestrationClient>(), provider.GetRequiredService<ISessionStore>(), provider.GetRequiredService<IApprovalStore>(),
            provider.GetRequiredService<SessionEnds>(), provider.GetRequiredService<IAgentCatalog>(), provider.GetRequiredService<AgentSnapshots>(),
            provider.GetRequiredService<IChatModelCatalog>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IdSource>(),
            provider.GetRequiredService<Instruments>()))
        .AddSingleton(provider => new RollbackService(
            provider.GetRequiredService<SessionService>(), provider.GetRequiredService<SessionEnds>(), provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<IOrchestrationClient>(), provider.GetRequiredService<AgentSnapshots>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Instruments>()))
        .AddSingleton(provider => new SessionTermination(
            provider.GetRequiredService<SessionEnds>(), provider.GetRequiredService<RollbackService>(), provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<TimeProvider>()));
}
