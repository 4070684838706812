using System.Runtime.CompilerServices;

namespace AgentWorkflows.Durability;

/// <summary>The client with typed names.</summary>
public static class OrchestrationClientExtensions
{
    public static Task<StartOutcome> StartAsync<TInput, TOutput>(
        this IOrchestrationClient client, OrchestratorName<TInput, TOutput> name, TInput input, StartOrchestrationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.ScheduleNewOrchestrationInstanceAsync(name.Value, input, options, cancellationToken);
    }

    /// <summary>All instances of a query, page after page, in the order of the engine's storage.</summary>
    public static async IAsyncEnumerable<OrchestrationMetadata> QueryAllInstancesAsync(
        this IOrchestrationClient client, OrchestrationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(query);
        do
        {
            var page = await client.QueryInstancesAsync(query, cancellationToken);
            foreach (var instance in page.Instances)
            {
                yield return instance;
            }
            query = query with { ContinuationToken = page.ContinuationToken };
        }
        while (query.ContinuationToken is not null);
    }
}
