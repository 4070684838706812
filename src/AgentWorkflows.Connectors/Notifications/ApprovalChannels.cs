using AgentWorkflows.Approvals;
using AgentWorkflows.Operations.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Connectors.Notifications;

/// <summary>Ways to tell people about approvals and what else there is to tell, as configured.</summary>
internal static class ApprovalChannels
{
    public static void AddApprovalChannels(this IServiceCollection services, NotificationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(settings);
        services.AddSingleton<HttpPost>();
        if (settings.Smtp is { } smtp)
        {
            services.AddChannel(_ => new SmtpChannel(smtp));
        }
        foreach (var teams in settings.Teams)
        {
            services.AddChannel(provider => new TeamsChannel(teams, provider.GetRequiredService<HttpPost>()));
        }
        foreach (var slack in settings.Slack)
        {
            services.AddChannel(provider => new SlackChannel(slack, provider.GetRequiredService<HttpPost>()));
        }
        foreach (var webhook in settings.Webhooks)
        {
            services.AddChannel(provider =>
                new WebhookChannel(webhook, provider.GetRequiredService<HttpPost>(), provider.GetRequiredService<TimeProvider>()));
        }
    }

    /// <summary>One object for both uses.</summary>
    private static void AddChannel<TChannel>(this IServiceCollection services, Func<IServiceProvider, TChannel> create)
        where TChannel : class, IApprovalChannel, IBulletinChannel
    {
        TChannel? channel = null;
        var gate = new Lock();
        TChannel Get(IServiceProvider provider)
        {
            lock (gate)
            {
                return channel ??= create(provider);
            }
        }
        services.AddSingleton<IApprovalChannel>(Get);
        services.AddSingleton<IBulletinChannel>(Get);
    }
}
