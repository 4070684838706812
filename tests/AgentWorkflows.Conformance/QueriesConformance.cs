using AgentWorkflows.Durability;
using Xunit;

namespace AgentWorkflows.Conformance;

public abstract class QueriesConformance : ConformanceTests
{
    [ConformanceFact]
    public async Task Pages_give_every_instance_once()
    {
        await using var run = await RunningAsync(Register);
        var started = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            started.Add(await run.StartAsync("done"));
            await run.FinishedAsync(started[^1]);
            await run.AdvanceAsync(Second);
        }

        var found = new List<string>();
        var query = new OrchestrationQuery { InstanceIdPrefix = run.IdPrefix, PageSize = 2 };
        do
        {
            var page = await run.Client.QueryInstancesAsync(query);
            Assert.InRange(page.Instances.Count, 0, 2);
            found.AddRange(page.Instances.Select(instance => instance.InstanceId));
            query = query with { ContinuationToken = page.ContinuationToken };
        }
        while (query.ContinuationToken is not null);

        Assert.Equal(started.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [ConformanceFact]
    public async Task Instances_started_at_one_time_are_paged_once_each()
    {
        await using var run = await RunningAsync(Register);
        var started = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => run.StartAsync("done")));
        await Task.WhenAll(started.Select(run.FinishedAsync));

        var found = await QueryAsync(run, new OrchestrationQuery { PageSize = 3 });

        Assert.Equal(started.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [ConformanceFact]
    public async Task Instances_are_found_by_status()
    {
        await using var run = await RunningAsync(Register);
        var completed = await run.StartAsync("done");
        var failed = await run.StartAsync("broken");
        var running = await run.StartAsync("waiting");
        await run.FinishedAsync(completed);
        await run.FinishedAsync(failed);
        await run.Recorder.SeenAsync("waiting");
        await run.ReachesAsync(running, OrchestrationStatus.Running);

        Assert.Equal([completed], await QueryAsync(run, new OrchestrationQuery { Statuses = [OrchestrationStatus.Completed] }));
        Assert.Equal([running], await QueryAsync(run, new OrchestrationQuery { Statuses = [OrchestrationStatus.Running] }));
        var ended = await QueryAsync(run, new OrchestrationQuery { Statuses = [OrchestrationStatus.Failed, OrchestrationStatus.Completed] });
        Assert.Equal(new[] { completed, failed }.Order(StringComparer.Ordinal), ended.Order(StringComparer.Ordinal));
    }

    [ConformanceFact]
    public async Task Instances_are_found_by_name()
    {
        await using var run = await RunningAsync(Register);
        var done = await run.StartAsync("done");
        await run.FinishedAsync(done);
        await run.FinishedAsync(await run.StartAsync("broken"));

        Assert.Equal([done], await QueryAsync(run, new OrchestrationQuery { Name = "done" }));
        Assert.Empty(await QueryAsync(run, new OrchestrationQuery { Name = "no.such.orchestrator" }));
    }

    [ConformanceFact]
    public async Task Instances_are_found_by_the_beginning_of_their_id()
    {
        await using var run = await RunningAsync(Register);
        // The underscore and the colon's neighbour would be wildcards in a careless LIKE or range.
        var a = await run.StartAsync("done", new StartOrchestrationOptions { InstanceId = $"{run.IdPrefix}-a_b:1" });
        var b = await run.StartAsync("done", new StartOrchestrationOptions { InstanceId = $"{run.IdPrefix}-axb:1" });
        await Task.WhenAll(run.FinishedAsync(a), run.FinishedAsync(b));

        Assert.Equal([a], await QueryAsync(run, new OrchestrationQuery { InstanceIdPrefix = $"{run.IdPrefix}-a_" }));
        Assert.Equal([b], await QueryAsync(run, new OrchestrationQuery { InstanceIdPrefix = b }));
        Assert.Empty(await QueryAsync(run, new OrchestrationQuery { InstanceIdPrefix = $"{run.IdPrefix}-A_" }));
    }

    [ConformanceFact]
    public async Task Instances_are_found_by_their_time_of_creation()
    {
        await using var run = await RunningAsync(Register);
        var early = await run.StartAsync("done");
        await run.FinishedAsync(early);
        await run.AdvanceAsync(Second);
        var between = run.UtcNow;
        await run.AdvanceAsync(Second);
        var late = await run.StartAsync("done");
        await run.FinishedAsync(late);

        Assert.Equal([late], await QueryAsync(run, new OrchestrationQuery { CreatedFrom = between }));
        Assert.Equal([early], await QueryAsync(run, new OrchestrationQuery { CreatedTo = between }));
        var both = await QueryAsync(run, new OrchestrationQuery { CreatedFrom = between - Day, CreatedTo = between + Day });
        Assert.Equal(new[] { early, late }.Order(StringComparer.Ordinal), both.Order(StringComparer.Ordinal));
    }

    private static void Register(DurableRegistry registry) => registry
        .Orchestrator("done", _ => Task.FromResult("done"))
        .Orchestrator<Unit, Unit>("broken", (_, _) => throw new DurableException("Broken", "It broke.", isNonRetryable: true))
        .Orchestrator("waiting", async context =>
        {
            var end = context.WaitForExternalEvent<string>("End");
            await context.CallAsync(Steps.Record, "waiting");
            return await end;
        });

    private static async Task<List<string>> QueryAsync(EngineRun run, OrchestrationQuery query)
    {
        var found = new List<string>();
        query = query with { InstanceIdPrefix = query.InstanceIdPrefix ?? run.IdPrefix };
        do
        {
            var page = await run.Client.QueryInstancesAsync(query);
            found.AddRange(page.Instances.Select(instance => instance.InstanceId));
            query = query with { ContinuationToken = page.ContinuationToken };
        }
        while (query.ContinuationToken is not null);
        return found;
    }
}
