using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflows.Durability;

/// <summary>
/// The one list of every orchestrator and activity a host can run, by wire name. Filled at start-up, read by any thread afterwards.
/// An orchestrator may be registered once per version; an instance runs on the registration of its own version, or else on the one without a version.
/// </summary>
public sealed class DurableRegistry
{
    private readonly Dictionary<(string Name, string Version), OrchestratorRegistration> _orchestrators = [];
    private readonly Dictionary<string, ActivityRegistration> _activities = new(StringComparer.Ordinal);

    public IEnumerable<OrchestratorRegistration> Orchestrators => _orchestrators.Values;

    public IEnumerable<ActivityRegistration> Activities => _activities.Values;

    public DurableRegistry AddOrchestrator<TOrchestrator, TInput, TOutput>(OrchestratorName<TInput, TOutput> name, string version = "")
        where TOrchestrator : class, IOrchestrator<TInput, TOutput> =>
        AddOrchestrator(name, services => ActivatorUtilities.CreateInstance<TOrchestrator>(services), version);

    public DurableRegistry AddOrchestrator<TInput, TOutput>(
        OrchestratorName<TInput, TOutput> name, Func<IServiceProvider, IOrchestrator<TInput, TOutput>> factory, string version = "")
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(version);
        var registration = new OrchestratorRegistration(name.Value, version, typeof(TInput), typeof(TOutput),
            async (services, context, input) => await factory(services).RunAsync(context, InputOf<TInput>(input)))
        {
            Create = factory,
        };
        if (!_orchestrators.TryAdd((name.Value, version), registration))
        {
            throw new InvalidOperationException($"An orchestrator named '{name}' with version '{version}' is registered already. Wire names are unique: choose another name or version.");
        }
        return this;
    }

    public DurableRegistry AddActivity<TActivity, TInput, TOutput>(ActivityName<TInput, TOutput> name)
        where TActivity : class, IActivity<TInput, TOutput> =>
        AddActivity(name, services => ActivatorUtilities.CreateInstance<TActivity>(services));

    public DurableRegistry AddActivity<TInput, TOutput>(ActivityName<TInput, TOutput> name, Func<IServiceProvider, IActivity<TInput, TOutput>> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var registration = new ActivityRegistration(name.Value, typeof(TInput), typeof(TOutput),
            async (services, context, input, cancellationToken) => await factory(services).RunAsync(context, InputOf<TInput>(input), cancellationToken))
        {
            Create = factory,
        };
        if (!_activities.TryAdd(name.Value, registration))
        {
            throw new InvalidOperationException($"An activity named '{name}' is registered already. Wire names are unique: choose another name.");
        }
        return this;
    }

    /// <summary>No input at all is the default of a value type, such as <see cref="Unit"/>.</summary>
    private static TInput InputOf<TInput>(object? input) => input is null ? default! : (TInput)input;

    public bool TryGetOrchestrator(string name, string version, [NotNullWhen(true)] out OrchestratorRegistration? registration) =>
        _orchestrators.TryGetValue((name, version), out registration) || _orchestrators.TryGetValue((name, ""), out registration);

    public bool TryGetActivity(string name, [NotNullWhen(true)] out ActivityRegistration? registration) =>
        _activities.TryGetValue(name, out registration);
}

/// <summary>How an engine runs an orchestrator: <see cref="RunAsync"/> takes an input of <see cref="InputType"/> and gives an <see cref="OutputType"/>.</summary>
public sealed record OrchestratorRegistration(
    string Name, string Version, Type InputType, Type OutputType, Func<IServiceProvider, IOrchestrationContext, object?, Task<object?>> RunAsync)
{
    /// <summary>Builds it and runs nothing: shows whether a host has the services it needs.</summary>
    public required Func<IServiceProvider, object> Create { get; init; }
}

/// <inheritdoc cref="OrchestratorRegistration"/>
public sealed record ActivityRegistration(
    string Name, Type InputType, Type OutputType, Func<IServiceProvider, IActivityContext, object?, CancellationToken, Task<object?>> RunAsync)
{
    /// <inheritdoc cref="OrchestratorRegistration.Create"/>
    public required Func<IServiceProvider, object> Create { get; init; }
}
