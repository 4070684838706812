using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests;

/// <summary>An instance ends on the logic with which it began, whatever is deployed meanwhile.</summary>
public class VersionTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task InstanceOfVersionOne_EndsOnVersionOne_AfterVersionTwoIsDeployed()
    {
        await using var host = new EngineHost();
        host.Configure = options => options with { DefaultVersion = "1", IdleEviction = TimeSpan.Zero };
        Version(host, "1", "first", "second");
        await host.OpenAsync();
        await host.StartAsync("o", "", "old");
        await host.RecordedAsync("old", "TaskCompleted");

        host.Registry = new();
        Version(host, "1", "first", "second");
        Version(host, "2", "other", "steps");
        host.Configure = options => options with { DefaultVersion = "2", IdleEviction = TimeSpan.Zero };
        await host.RestartAsync();
        await host.StartAsync("o", "", "new");
        await host.RecordedAsync("new", "TaskCompleted");
        foreach (var id in new[] { "old", "new" })
        {
            await host.Engine.RaiseEventAsync(id, "go", "!");
        }

        Assert.Equal("1:first! 1:second again 1:first! 1:second end", (await host.FinishedAsync("old")).ReadOutputAs<string>());
        Assert.Equal("2:other! 2:steps again 2:other! 2:steps end", (await host.FinishedAsync("new")).ReadOutputAs<string>());
        Assert.Equal("1", (await host.Engine.GetInstanceAsync("old"))!.Version);
        Assert.Null((await host.Engine.ReplayAsync("old"))!.Divergence);
    }

    [Fact(Timeout = Limit)]
    public async Task InstanceWhoseVersionIsGone_WaitsForIt_AndDoesNotRunOnAnother()
    {
        await using var host = new EngineHost();
        host.Configure = options => options with { DefaultVersion = "1" };
        Version(host, "1", "first", "second");
        await host.OpenAsync();
        await host.StartAsync("o", "", "old");
        await host.RecordedAsync("old", "TaskCompleted");
        host.Registry = new();
        Version(host, "2", "other", "steps");
        await host.RestartAsync();
        Assert.Equal(CommandOutcome.Accepted, await host.Engine.RaiseEventAsync("old", "go", "!"));
        Assert.Equal(OrchestrationStatus.Running, (await host.Engine.GetInstanceAsync("old"))!.Status);
        var report = await host.Engine.ReplayAsync("old");
        Assert.Equal(DurableErrorTypes.NotRegistered, report!.Divergence!.ErrorType);

        Version(host, "1", "first", "second");
        await host.RestartAsync();
        Assert.StartsWith("1:first! 1:second", (await host.FinishedAsync("old")).ReadOutputAs<string>(), StringComparison.Ordinal);
    }

    /// <summary>Two steps and a wait, twice: the second time in an execution of its own.</summary>
    private static void Version(EngineHost host, string version, string first, string second)
    {
        host.Orchestrator<string, string>("o", async (context, before) =>
        {
            var one = await context.CallActivityAsync<string>(first, $"{version}:{first}");
            var go = before.Length > 0 ? "!" : await context.WaitForExternalEvent<string>("go");
            var done = $"{one}{go} {await context.CallActivityAsync<string>(second, $"{version}:{second}")}";
            if (before.Length == 0)
            {
                context.ContinueAsNew(done + " again ");
            }
            return $"{before}{done} end";
        }, version);
        foreach (var name in new[] { first, second })
        {
            host.Activity<string, string>(name, text => text);
        }
    }
}
