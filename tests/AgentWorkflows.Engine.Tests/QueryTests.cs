using AgentWorkflows.Durability;

namespace AgentWorkflows.Engine.Tests;

public class QueryTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task Query_FiltersAndPages_NewestFirst()
    {
        await using var host = Host();
        await host.OpenAsync();
        for (var i = 0; i < 25; i++)
        {
            await host.StartAsync(i % 5 == 0 ? "waits" : "ends", 0, $"q-{i:00}");
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        for (var i = 0; i < 25; i++)
        {
            await (i % 5 == 0 ? host.RecordedAsync($"q-{i:00}", "TurnStarted") : host.FinishedAsync($"q-{i:00}"));
        }
        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(i => $"q-{i:00}"), await IdsAsync(host, new OrchestrationQuery { PageSize = 7 }));
        Assert.Equal(["q-20", "q-15", "q-10", "q-05", "q-00"], await IdsAsync(host, new OrchestrationQuery { Statuses = [OrchestrationStatus.Running], PageSize = 5 }));
        Assert.Equal(["q-20", "q-15", "q-10", "q-05", "q-00"], await IdsAsync(host, new OrchestrationQuery { Name = "waits", PageSize = 2 }));
        Assert.Equal(["q-19", "q-18", "q-17", "q-16", "q-15", "q-14", "q-13", "q-12", "q-11", "q-10"], await IdsAsync(host, new OrchestrationQuery { InstanceIdPrefix = "q-1" }));
        var from = host.Clock.GetUtcNow() - TimeSpan.FromMinutes(3);
        Assert.Equal(["q-24", "q-23", "q-22"], await IdsAsync(host, new OrchestrationQuery { CreatedFrom = from }));
        await Assert.ThrowsAsync<ArgumentException>(() => IdsAsync(host, new OrchestrationQuery { PageSize = 1001 }));
    }

    [Fact(Timeout = Limit)]
    public async Task ScheduledStart_WaitsForItsTime_AlsoAcrossARestart()
    {
        await using var host = Host();
        await host.OpenAsync();
        await host.Engine.ScheduleNewOrchestrationInstanceAsync(
            "ends", 0, new StartOrchestrationOptions { InstanceId = "later", StartAt = host.Clock.GetUtcNow() + TimeSpan.FromHours(3) });
        await host.RestartAsync();
        host.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(OrchestrationStatus.Pending, (await host.Engine.GetInstanceAsync("later"))!.Status);
        host.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(OrchestrationStatus.Completed, (await host.FinishedAsync("later")).Status);
    }

    [Fact(Timeout = Limit)]
    public async Task MoreInstancesThanFitInMemory_AllFinish()
    {
        await using var host = Host();
        host.Configure = options => options with { MaxLiveInstances = 16, MaxConcurrentActivities = 4 };
        await host.OpenAsync();
        var waits = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => host.StartAsync("waits", 0, $"w-{i}")));
        var ids = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => host.StartAsync("works", i, $"m-{i}")));
        var done = await Task.WhenAll(ids.Select(host.FinishedAsync));
        Assert.Equal(Enumerable.Range(0, 300), done.Select(metadata => metadata.ReadOutputAs<int>()));
        foreach (var id in waits)
        {
            await host.RecordedAsync(id, "TurnStarted");
        }
        await Task.WhenAll(waits.Select(id => host.Engine.RaiseEventAsync(id, "x", 1)));
        await Task.WhenAll(waits.Select(host.FinishedAsync));
        await EngineHost.UntilAsync(() => host.Engine.Statistics.LiveInstances == 0);
    }

    private static async Task<List<string>> IdsAsync(EngineHost host, OrchestrationQuery query)
    {
        var ids = new List<string>();
        string? token = null;
        do
        {
            var page = await host.Engine.QueryInstancesAsync(query with { ContinuationToken = token });
            Assert.InRange(page.Instances.Count, 1, query.PageSize);
            ids.AddRange(page.Instances.Select(instance => instance.InstanceId));
            token = page.ContinuationToken;
        }
        while (token is not null);
        return ids;
    }

    private static EngineHost Host() => new EngineHost()
        .Orchestrator<int, int>("waits", (context, _) => context.WaitForExternalEvent<int>("x"))
        .Orchestrator<int, int>("ends", (_, n) => Task.FromResult(n))
        .Orchestrator<int, int>("works", async (context, n) => await context.CallActivityAsync<int>("same", await context.CallActivityAsync<int>("same", n)))
        .Activity<int, int>("same", n => n);
}
