using AgentWorkflows.Agents;
using AgentWorkflows.Approvals;
using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Sessions;
using AgentWorkflows.Steps;
using AgentWorkflows.Telemetry;
using AgentWorkflows.Words;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflows.Hosting;

/// <summary>The services of approvals, for a host to compose.</summary>
internal static class ApprovalRegistration
{
    /// <summary>
    /// What is needed to decide approvals where no engine runs: on the stores alone, with an <see cref="IDecisionDelivery"/> of the host.
    /// </summary>
    public static IServiceCollection AddApprovalDecisions(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdSource>();
        services.TryAddSingleton<Instruments>();
        services.TryAddSingleton<AgentSnapshots>();
        services.AddSingleton<DecideChecks>();
        services.AddSingleton<ApprovalAudit>();
        return services.AddSingleton(provider => new ApprovalService(
            provider.GetRequiredService<IApprovalStore>(), provider.GetRequiredService<DecideChecks>(), provider.GetRequiredService<ApprovalAudit>(),
            provider.GetRequiredService<IDecisionDelivery>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IdSource>(),
            provider.GetRequiredService<Instruments>()));
    }

    /// <summary>Everything, beside an engine.</summary>
    internal static IServiceCollection AddApprovals(this IServiceCollection services)
    {
        services.AddSingleton<ApprovalNotices>();
        services.AddSingleton<ApprovalPreviews>();
        services.AddSingleton<ApprovalTokens>();
        services.AddSingleton<ApprovalLinks>();
        services.AddSingleton<CodeAttempts>();
        services.TryAddSingleton<ApprovalLinkOptions>();
        services.AddSingleton<IDecisionDelivery, EngineDelivery>();
        return services.AddApprovalDecisions();
    }
}
