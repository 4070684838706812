using System.Collections.Concurrent;
using AgentWorkflows.Guards;

namespace AgentWorkflows.Tools;

/// <summary>
/// What all sessions of this process may do to a tool together: its rate limit, and its circuit breaker. In memory: after a restart both start afresh. Thread-safe.
/// </summary>
/// <param name="opened">Told the implementation whose breaker opens.</param>
internal sealed class ToolTraffic(TimeProvider time, Action<string>? opened = null)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Queue<DateTimeOffset>> _calls = new(StringComparer.Ordinal);

    /// <summary>By implementation: agents that share a tool share its troubles.</summary>
    public CircuitBreakers Breakers { get; } = new(time, opened: opened);

    /// <returns>Why the call is not made now, with how long to wait; <c>null</c> when it is made, and <see cref="Record"/> is told how it went.</returns>
    public ToolResult.Failure? Admit(ToolContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        // First the limit: a probe of the breaker that is then not made would be lost.
        if (contract.MaxCallsPerMinute is { } limit && TakeTurn(contract.Implementation, limit) is { } turn)
        {
            return new ToolResult.Failure(ToolFailureKind.RateLimited, $"'{contract.Name}' may be called {limit} times a minute, by all sessions together, and has been.",
                "It is tried again by itself; if it still fails, go on without it.", RetrySafe: true)
            { RetryAfter = turn };
        }
        if (Breakers.TryEnter(contract.Implementation) is { } wait)
        {
            return new ToolResult.Failure(ToolFailureKind.Transient, $"'{contract.Name}' has failed for everybody again and again and is left alone for a while.",
                "Use another tool, or answer with what is known.", RetrySafe: true)
            { RetryAfter = wait };
        }
        return null;
    }

    /// <param name="healthy">False when the tool itself is in trouble; a call that it refused for good reason is healthy.</param>
    public void Record(ToolContract contract, bool healthy)
    {
        ArgumentNullException.ThrowIfNull(contract);
        Breakers.Record(contract.Implementation, healthy);
    }

    /// <returns><c>null</c> when there was room, which is then taken; else when there is.</returns>
    private TimeSpan? TakeTurn(string implementation, int limit)
    {
        var calls = _calls.GetOrAdd(implementation, static _ => new Queue<DateTimeOffset>());
        var now = time.GetUtcNow();
        lock (calls)
        {
            while (calls.TryPeek(out var oldest) && (now - oldest >= Minute || oldest > now))
            {
                calls.Dequeue();
            }
            if (calls.Count >= limit)
            {
                return calls.Peek() + Minute - now;
            }
            calls.Enqueue(now);
            return null;
        }
    }
}
