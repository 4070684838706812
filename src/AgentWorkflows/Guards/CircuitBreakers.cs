using System.Collections.Concurrent;

namespace AgentWorkflows.Guards;

/// <summary>The breakers of this process, by key, shared by all sessions. In memory: a new process starts with all of them closed. Thread-safe.</summary>
/// <param name="opened">Told the key of a breaker that opens.</param>
internal sealed class CircuitBreakers(TimeProvider time, BreakerOptions? options = null, Action<string>? opened = null)
{
    private readonly BreakerOptions _options = options ?? new BreakerOptions();
    private readonly ConcurrentDictionary<string, BreakerState> _states = new(StringComparer.Ordinal);

    /// <summary>Those that are not healthy, by key.</summary>
    public IReadOnlyDictionary<string, BreakerState> Unhealthy =>
        _states.Where(state => state.Value != BreakerState.Healthy).ToDictionary(state => state.Key, state => state.Value, StringComparer.Ordinal);

    /// <returns><c>null</c> when the call may be made, and <see cref="Record"/> is to be told how it went; else how long to wait.</returns>
    public TimeSpan? TryEnter(string key)
    {
        while (true)
        {
            var state = _states.GetOrAdd(key, BreakerState.Healthy);
            var (entered, wait) = CircuitBreaker.TryEnter(state, _options, time.GetUtcNow());
            if (entered is null)
            {
                return wait;
            }
            if (ReferenceEquals(entered, state) || _states.TryUpdate(key, entered, state))
            {
                return null;
            }
        }
    }

    public void Record(string key, bool success)
    {
        while (true)
        {
            var state = _states.GetOrAdd(key, BreakerState.Healthy);
            var next = CircuitBreaker.Record(state, _options, success, time.GetUtcNow());
            if (ReferenceEquals(next, state))
            {
                return;
            }
            if (_states.TryUpdate(key, next, state))
            {
                if (next.Phase == BreakerPhase.Open)
                {
                    opened?.Invoke(key);
                }
                return;
            }
        }
    }
}
