using AgentWorkflows.Approvals;
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
        AddChannels(services, options.Notifications);
    }

    private static void AddChannels(IServiceCollection services, NotificationSettings settings)
    {
        services.AddSingleton<HttpPost>();
        if (settings.Smtp is { } smtp)
        {
            services.AddSingleton<IApprovalChannel>(new SmtpChannel(smtp));
        }
        foreach (var teams in settings.Teams)
        {
            services.AddSingleton<IApprovalChannel>(provider => new TeamsChannel(teams, provider.GetRequiredService<HttpPost>()));
        }
        foreach (var slack in settings.Slack)
        {
            services.AddSingleton<IApprovalChannel>(provider => new SlackChannel(slack, provider.GetRequiredService<HttpPost>()));
        }
        foreach (var webhook in settings.Webhooks)
        {
            services.AddSingleton<IApprovalChannel>(provider =>
                new WebhookChannel(webhook, provider.GetRequiredService<HttpPost>(), provider.GetRequiredService<TimeProvider>()));
        }
    }
}
