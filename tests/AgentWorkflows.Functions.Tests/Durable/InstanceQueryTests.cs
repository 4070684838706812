using AgentWorkflows.Durability;
using AgentWorkflows.Functions.Tests.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentWorkflows.Functions.Tests.Durable;

/// <summary>What a page of instances costs.</summary>
public sealed class InstanceQueryTests
{
    private const int TestTimeout = 60_000;
    private const int Instances = 25;

    [Fact(Timeout = TestTimeout)]
    public async Task A_page_is_one_request_however_many_instances_there_are()
    {
        await using var engine = await WithInstancesAsync();

        var page = await engine.Client.QueryInstancesAsync(new OrchestrationQuery { PageSize = 4 });

        Assert.Equal((4, 1), (page.Instances.Count, engine.Requests.Queries));
        Assert.NotNull(page.ContinuationToken);
    }

    [Fact(Timeout = TestTimeout)]
    public async Task A_name_nothing_has_is_looked_for_a_bounded_number_of_requests_at_a_time()
    {
        await using var engine = await WithInstancesAsync();
        var query = new OrchestrationQuery { Name = "nobody", PageSize = 1 };

        var page = await engine.Client.QueryInstancesAsync(query);

        Assert.Empty(page.Instances);
        Assert.Equal(10, engine.Requests.Queries);
        do
        {
            page = await engine.Client.QueryInstancesAsync(query with { ContinuationToken = page.ContinuationToken });
            Assert.Empty(page.Instances);
        }
        while (page.ContinuationToken is not null);
        Assert.InRange(engine.Requests.Queries, Instances, Instances + 1);
    }

    private static async Task<DurableTaskEngine> WithInstancesAsync()
    {
        var name = new OrchestratorName<string, string>("waits");
        var registry = new DurableRegistry().AddOrchestrator(name, _ => new Waits());
        var engine = await DurableTaskEngine.OpenAsync(registry, new ServiceCollection().AddLogging().BuildServiceProvider());
        for (var i = 0; i < Instances; i++)
        {
            await engine.Client.StartAsync(name, "");
        }
        return engine;
    }

    private sealed class Waits : IOrchestrator<string, string>
    {
        public Task<string> RunAsync(IOrchestrationContext context, string input) => context.WaitForExternalEvent<string>("Never");
    }
}
