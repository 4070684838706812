using AgentWorkflows.Approvals;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>Ways to tell people about approvals, as configured.</summary>
public static class ApprovalChannels
{
    public static void AddApprovalChannels(this IServiceCollection services, NotificationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(settings);
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
