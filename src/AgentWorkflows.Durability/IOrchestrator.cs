namespace AgentWorkflows.Durability;

/// <summary>A durable function that decides: it replays deterministically and touches the world only through the context. A new object is made for each execution.</summary>
public interface IOrchestrator<in TInput, TOutput>
{
    Task<TOutput> RunAsync(IOrchestrationContext context, TInput input);
}

/// <summary>A durable step that touches the world. It runs at least once. A new object is made for each attempt.</summary>
public interface IActivity<in TInput, TOutput>
{
    /// <param name="cancellationToken">Cancelled when the host stops; the attempt then runs again after the restart.</param>
    Task<TOutput> RunAsync(IActivityContext context, TInput input, CancellationToken cancellationToken);
}

/// <summary>What an activity is told about its call.</summary>
public interface IActivityContext
{
    string Name { get; }

    string InstanceId { get; }
}

/// <summary>For activities and orchestrators that take or return nothing.</summary>
public readonly record struct Unit
{
    public static Unit Value => default;
}
