using AgentWorkflows.Approvals.Links;
using AgentWorkflows.Connectors.Notifications;

namespace AgentWorkflows.Server.Hosting;

/// <summary>The part of the composition that is about telling people of approvals.</summary>
internal static class ApprovalComposition
{
    public static void AddApprovalLinks(this IServiceCollection services, ServerOptions options, ApprovalKeyRing keys)
    {
        services.AddSingleton(keys);
        services.AddSingleton(new ApprovalLinkOptions
        {
            PublicUrl = options.PublicUrl ?? Binding.Split(options.Urls).Select(Binding.PublicUrlOf).FirstOrDefault(),
        });
        services.AddApprovalChannels(options.Notifications);
    }
}
