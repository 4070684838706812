using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AgentWorkflows.Durability;
using AgentWorkflows.Engine.Dispatch;

namespace AgentWorkflows.Engine.Tests.Faults;

/// <summary>
/// Makes the activities of a registry honour a key, as a tool does that makes one effect however often it is called: a repeated attempt gets the outcome
/// of the first, also when that is still under way.
/// </summary>
internal sealed class IdempotentActivities(FaultRun run) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<object?>>> _effects = new();
    private CancellationTokenSource _restart = new();

    public void Wrap(DurableRegistry registry)
    {
        var activities = Registered(registry);
        foreach (var (name, activity) in activities.ToArray())
        {
            activities[name] = activity with { RunAsync = (services, context, input, cancellation) => RunAsync(activity, services, context, input, cancellation) };
        }
    }

    /// <summary>A restart that the scenario asks for: what runs is interrupted, and begins anew.</summary>
    public void Restart()
    {
        foreach (var (key, _) in _effects.Where(effect => !effect.Value.Value.IsCompleted).ToArray())
        {
            _effects.TryRemove(key, out _);
        }
        Interlocked.Exchange(ref _restart, new CancellationTokenSource()).Cancel();
    }

    public void Dispose() => _restart.Cancel();

    private Task<object?> RunAsync(
        ActivityRegistration activity, IServiceProvider services, IActivityContext context, object? input, CancellationToken cancellation)
    {
        var work = (ActivityWork)context;
        var key = $"{work.InstanceId}/{work.Execution}/{work.Scheduled.TaskId}/{work.Name}";
        run.Attempts.AddOrUpdate(FinalState.Neutral(key), 1, (_, count) => count + 1);
        var effect = _effects.GetOrAdd(key, _ => new(() => Task.Run(() => activity.RunAsync(services, context, input, _restart.Token))));
        return effect.Value.WaitAsync(cancellation);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_activities")]
    private static extern ref Dictionary<string, ActivityRegistration> Registered(DurableRegistry registry);
}
