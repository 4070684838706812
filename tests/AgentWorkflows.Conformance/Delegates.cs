using AgentWorkflows.Durability;

namespace AgentWorkflows.Conformance;

/// <summary>An orchestrator written inline in a test. The lambda must be as deterministic as a class would be.</summary>
public sealed class DelegateOrchestrator<TInput, TOutput>(Func<IOrchestrationContext, TInput, Task<TOutput>> run) : IOrchestrator<TInput, TOutput>
{
    public Task<TOutput> RunAsync(IOrchestrationContext context, TInput input) => run(context, input);
}

/// <summary>An activity written inline in a test.</summary>
public sealed class DelegateActivity<TInput, TOutput>(Func<TInput, CancellationToken, Task<TOutput>> run) : IActivity<TInput, TOutput>
{
    public Task<TOutput> RunAsync(IActivityContext context, TInput input, CancellationToken cancellationToken) => run(input, cancellationToken);
}

public static class DelegateRegistration
{
    public static DurableRegistry Orchestrator<TInput, TOutput>(
        this DurableRegistry registry, string name, Func<IOrchestrationContext, TInput, Task<TOutput>> run, string version = "")
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddOrchestrator(
            new OrchestratorName<TInput, TOutput>(name), _ => new DelegateOrchestrator<TInput, TOutput>(run), version);
    }

    /// <summary>An orchestrator that takes nothing.</summary>
    public static DurableRegistry Orchestrator<TOutput>(
        this DurableRegistry registry, string name, Func<IOrchestrationContext, Task<TOutput>> run, string version = "") =>
        registry.Orchestrator<Unit, TOutput>(name, (context, _) => run(context), version);

    public static DurableRegistry Activity<TInput, TOutput>(this DurableRegistry registry, string name, Func<TInput, TOutput> run)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddActivity(
            new ActivityName<TInput, TOutput>(name), _ => new DelegateActivity<TInput, TOutput>((input, _) => Task.FromResult(run(input))));
    }
}
