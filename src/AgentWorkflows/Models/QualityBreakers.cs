using AgentWorkflows.Guards;

namespace AgentWorkflows.Models;

/// <summary>Defaults: 5 bad outputs, and at least half of all, within 5 minutes open it for 60 s; 2 good ones in a row close it.</summary>
internal sealed record QualityOptions
{
    public int BadToOpen { get; init; } = 5;

    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    public BreakerOptions Breaker { get; init; } = new() { FailuresToOpen = 1 };
}

/// <summary>
/// Breakers on what models answer rather than on whether they answer: outputs that are no plan, or whose calls miss their success criteria. By deployment, shared by
/// all sessions of the process, in memory. Thread-safe.
/// </summary>
internal sealed class QualityBreakers(TimeProvider time, QualityOptions? options = null, Action<string>? opened = null)
{
    private const int MaxOutcomes = 200;
    private readonly QualityOptions _options = options ?? new QualityOptions();
    private readonly CircuitBreakers _breakers = new(time, (options ?? new QualityOptions()).Breaker, opened);
    private readonly Dictionary<string, Queue<(DateTimeOffset At, bool Good)>> _outcomes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public IReadOnlyDictionary<string, BreakerState> Unhealthy => _breakers.Unhealthy;

    /// <returns>As <see cref="CircuitBreakers.TryEnter"/>.</returns>
    public TimeSpan? TryEnter(string key) => _breakers.TryEnter(key);

    public void Record(string key, bool good)
    {
        lock (_lock)
        {
            var phase = _breakers.Unhealthy.TryGetValue(key, out var state) ? state.Phase : BreakerPhase.Closed;
            if (phase != BreakerPhase.Closed)
            {
                // What was bad before it opened must not open it again after it has closed.
                _outcomes.Remove(key);
                _breakers.Record(key, good);
            }
            else if (IsTooBad(key, good))
            {
                _breakers.Record(key, success: false);
            }
        }
    }

    private bool IsTooBad(string key, bool good)
    {
        if (!_outcomes.TryGetValue(key, out var outcomes))
        {
            _outcomes[key] = outcomes = new Queue<(DateTimeOffset, bool)>();
        }
        var now = time.GetUtcNow();
        outcomes.Enqueue((now, good));
        while (outcomes.Count > MaxOutcomes || now - outcomes.Peek().At > _options.Window)
        {
            outcomes.Dequeue();
        }
        var bad = outcomes.Count(outcome => !outcome.Good);
        return bad >= _options.BadToOpen && bad * 2 >= outcomes.Count;
    }
}
