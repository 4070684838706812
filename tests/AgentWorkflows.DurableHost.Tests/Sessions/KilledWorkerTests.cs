using AgentWorkflows.DurableHost.Tests.Apps;
using Xunit;

namespace AgentWorkflows.DurableHost.Tests.Sessions;

/// <summary>The worker's process is killed; the host starts the next one.</summary>
public sealed class KilledWorkerTests
{
    [Fact(Timeout = Killing.Hang)]
    public async Task Sessions_that_wait_or_run_when_the_worker_is_killed_go_on_and_write_once()
    {
        await using var webhook = await Webhook.StartAsync();
        var app = await HostedApp.CreateAsync(webhook);
        await using var host = await AppHost.StartAsync(app);
        using var api = new SessionsOverHttp(() => host.Address);
        var sessions = await Killing.WaitingAndRunningAsync(api, webhook);

        await host.KillWorkerAsync();
        webhook.Release();

        await Killing.AllGoOnAsync(api, app, webhook, sessions);
    }
}

/// <summary>The host's process is killed; another one is started on its task hub.</summary>
public sealed class KilledHostTests
{
    [Fact(Timeout = Killing.Hang)]
    public async Task Sessions_that_wait_or_run_when_the_host_is_killed_go_on_under_the_next_host_and_write_once()
    {
        await using var webhook = await Webhook.StartAsync();
        var app = await HostedApp.CreateAsync(webhook);
        await using var killed = await AppHost.StartAsync(app);
        var address = killed.Address;
        using var api = new SessionsOverHttp(() => address);
        var sessions = await Killing.WaitingAndRunningAsync(api, webhook);

        await killed.KillAsync();
        webhook.Release();
        await using var next = await AppHost.StartAsync(app);
        address = next.Address;

        await Killing.AllGoOnAsync(api, app, webhook, sessions);
    }
}

/// <summary>Two hosts share one task hub; one of them is killed.</summary>
public sealed class TwoHostsTests
{
    [Fact(Timeout = Killing.Hang)]
    public async Task Two_hosts_share_the_sessions_and_one_takes_over_when_the_other_is_killed()
    {
        await using var webhook = await Webhook.StartAsync();
        var app = await HostedApp.CreateAsync(webhook);
        await using var first = await AppHost.StartAsync(app);
        await using var second = await AppHost.StartAsync(app);
        using var atFirst = new SessionsOverHttp(() => first.Address);
        using var atSecond = new SessionsOverHttp(() => second.Address);
        // What is started at one host is decided at the other.
        var ended = await Killing.StartAsync(atFirst, "ended", 4);
        foreach (var (id, _) in ended)
        {
            await atSecond.ApproveAsync(id);
            Assert.Equal("Completed", (await atFirst.EndAsync(id)).GetProperty("status").GetString());
        }
        var sessions = await Killing.WaitingAndRunningAsync(atFirst, webhook);

        await first.KillAsync();
        webhook.Release();

        await Killing.AllGoOnAsync(atSecond, app, webhook, sessions);
        foreach (var (_, topic) in ended)
        {
            Assert.Single(await app.NotesAsync(topic));
        }
    }
}

/// <summary>What the tests that kill have in common.</summary>
internal static class Killing
{
    /// <summary>Only ends a hang: after a kill a minute goes by until the queues give out again what the dead process had taken.</summary>
    public const int Hang = 900_000;

    private const int Each = 2;

    /// <summary>Some sessions wait for a decision; of others the announcement is under way, an activity of the worker.</summary>
    public static async Task<KilledSessions> WaitingAndRunningAsync(SessionsOverHttp api, Webhook webhook)
    {
        var waiting = await StartAsync(api, "waiting", Each);
        await AnnouncedAsync(webhook, waiting);
        webhook.Hold();
        var running = await StartAsync(api, "running", Each);
        await AnnouncedAsync(webhook, running);
        return new KilledSessions(waiting, running);
    }

    public static async Task AllGoOnAsync(SessionsOverHttp api, HostedApp app, Webhook webhook, KilledSessions sessions)
    {
        foreach (var (id, _) in sessions.All)
        {
            await api.ApproveAsync(id);
        }
        foreach (var (id, topic) in sessions.All)
        {
            Assert.Equal("Completed", (await api.EndAsync(id)).GetProperty("status").GetString());
            Assert.Single(await app.NotesAsync(topic));
        }
        var messages = webhook.Notices.ToLookup(notice => notice.SessionId, notice => notice.Id);
        Assert.All(sessions.Waiting, session => Assert.Single(messages[session.Id]));
        // At least once, and each time under the same id, by which the receiver knows it again.
        Assert.All(sessions.Running, session => Assert.Single(messages[session.Id].Distinct()));
    }

    public static async Task<List<(string Id, string Topic)>> StartAsync(SessionsOverHttp api, string topic, int count)
    {
        var started = new List<(string Id, string Topic)>();
        for (var i = 0; i < count; i++)
        {
            var name = $"{topic} {(char)('a' + i)}";
            started.Add((await api.StartAsync(name, "once"), name));
        }
        foreach (var (id, _) in started)
        {
            await api.PendingAsync(id);
        }
        return started;
    }

    private static async Task AnnouncedAsync(Webhook webhook, List<(string Id, string Topic)> sessions) =>
        await SessionsOverHttp.UntilAsync(
            () => Task.FromResult(sessions.All(session => webhook.Notices.Any(notice => notice.SessionId == session.Id))),
            announced => announced);
}

internal sealed record KilledSessions(IReadOnlyList<(string Id, string Topic)> Waiting, IReadOnlyList<(string Id, string Topic)> Running)
{
    public IEnumerable<(string Id, string Topic)> All => Waiting.Concat(Running);
}
