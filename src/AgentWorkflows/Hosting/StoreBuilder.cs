using AgentWorkflows.Approvals;
using AgentWorkflows.Costs;
using AgentWorkflows.Operations;
using AgentWorkflows.Operations.Reports;
using AgentWorkflows.Operations.Retention;
using AgentWorkflows.Record;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflows.Hosting;

/// <summary>
/// Adds stores and channels of one's own. A store added here is used instead of the host's, whatever the order of the calls. Each has a conformance suite in
/// <c>AgentWorkflows.Testing</c>: a store that does not hold it loses money or sessions.
/// </summary>
public static class StoreBuilder
{
    public static IAgentWorkflowsBuilder AddSessionStore<TStore>(this IAgentWorkflowsBuilder builder)
        where TStore : class, ISessionStore => builder.Replace<ISessionStore, TStore>().Replace<ISessionCounts, UncountedSessions>();

    public static IAgentWorkflowsBuilder AddApprovalStore<TStore>(this IAgentWorkflowsBuilder builder)
        where TStore : class, IApprovalStore => builder.Replace<IApprovalStore, TStore>();

    public static IAgentWorkflowsBuilder AddCostLedger<TStore>(this IAgentWorkflowsBuilder builder)
        where TStore : class, ICostLedger => builder.Replace<ICostLedger, TStore>();

    public static IAgentWorkflowsBuilder AddDailyClaims<TStore>(this IAgentWorkflowsBuilder builder)
        where TStore : class, IDailyClaims => builder.Replace<IDailyClaims, TStore>();

    public static IAgentWorkflowsBuilder AddRetentionStore<TStore>(this IAgentWorkflowsBuilder builder)
        where TStore : class, IRetentionStore => builder.Replace<IRetentionStore, TStore>();

    /// <summary>
    /// A way to tell people about approvals, beside those that are configured. One that is an <see cref="IBulletinChannel"/> too can be named under
    /// <c>Reports:Channels</c>.
    /// </summary>
    public static IAgentWorkflowsBuilder AddApprovalChannel<TChannel>(this IAgentWorkflowsBuilder builder)
        where TChannel : class, IApprovalChannel
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TChannel>();
        builder.Services.AddSingleton<IApprovalChannel>(services => services.GetRequiredService<TChannel>());
        if (typeof(IBulletinChannel).IsAssignableFrom(typeof(TChannel)))
        {
            builder.Services.AddSingleton(services => (IBulletinChannel)services.GetRequiredService<TChannel>());
        }
        return builder;
    }

    private static IAgentWorkflowsBuilder Replace<TPort, TStore>(this IAgentWorkflowsBuilder builder)
        where TPort : class
        where TStore : class, TPort
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<TPort, TStore>());
        return builder;
    }
}
