using AgentWorkflows.DurableHost.Tests.Apps;
using Xunit;

namespace AgentWorkflows.DurableHost.Tests.Sessions;

/// <summary>Hosts of two versions on one task hub, one after the other, as in a deployment that is taken back.</summary>
public sealed class VersionTests
{
    [Fact(Timeout = Killing.Hang)]
    public async Task A_session_of_version_2_waits_under_a_host_of_version_1_says_so_and_completes_under_version_2()
    {
        var folder = Directory.CreateTempSubdirectory("agentworkflows-v2-");
        try
        {
            await using var webhook = await Webhook.StartAsync();
            var one = await HostedApp.CreateAsync(webhook);
            var two = one.OfVersion("2", folder.FullName);
            var newer = await AppHost.StartAsync(two);
            using var api = new SessionsOverHttp(() => newer.Address);
            var id = await api.StartAsync("versions", "new logic");
            await api.PendingAsync(id);
            await newer.StopAsync();

            newer = await AppHost.StartAsync(one);
            await api.ApproveAsync(id);
            // Of the host's own version another one begins and ends meanwhile.
            var own = await api.StartAsync("versions of old", "old logic");
            await api.ApproveAsync(own);
            Assert.Equal("Completed", (await api.EndAsync(own)).GetProperty("status").GetString());
            Assert.Equal("waits for a host of version 2", (await api.SessionAsync(id)).GetProperty("phase").GetString());
            Assert.Empty(await one.NotesAsync("versions"));
            await newer.StopAsync();

            newer = await AppHost.StartAsync(two);
            Assert.Equal("Completed", (await api.EndAsync(id)).GetProperty("status").GetString());
            Assert.Equal(["new logic"], await one.NotesAsync("versions"));
            await newer.DisposeAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
