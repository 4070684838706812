using AgentWorkflows.Azure.Tests;
using AgentWorkflows.DurableHost.Tests.Apps;
using Xunit;

namespace AgentWorkflows.DurableHost.Tests.Sessions;

/// <summary>One host for the tests of a class that leave it running.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    private AppHost? _host;

    internal Webhook Webhook { get; private set; } = null!;

    internal HostedApp App { get; private set; } = null!;

    internal SessionsOverHttp Api { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (Azurite.MissingReason is not null)
        {
            return;
        }
        Webhook = await Webhook.StartAsync();
        App = await HostedApp.CreateAsync(Webhook);
        _host = await AppHost.StartAsync(App);
        Api = new SessionsOverHttp(() => _host.Address);
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            Api.Dispose();
            await _host.DisposeAsync();
            await Webhook.DisposeAsync();
        }
    }
}
