namespace AgentWorkflows.Durability;

public static class OrchestrationClientExtensions
{
    public static Task<StartOutcome> StartAsync<TInput, TOutput>(
        this IOrchestrationClient client, OrchestratorName<TInput, TOutput> name, TInput input, StartOrchestrationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.ScheduleNewOrchestrationInstanceAsync(name.Value, input, options, cancellationToken);
    }
}
