using System.Collections.Concurrent;
using AgentWorkflows.Words;

namespace AgentWorkflows.Telemetry;

/// <summary>
/// Keeps a metric's dimension small though others choose its values: the first so many names of this process stand for themselves. Thread-safe.
/// </summary>
internal sealed class BoundedNames(int most)
{
    /// <summary>What all further names become.</summary>
    public const string Other = SnakeCase.Unknown;

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private int _count;

    public string Of(string name)
    {
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }
        if (Volatile.Read(ref _count) >= most)
        {
            return Other;
        }
        return _known.TryAdd(name, name) && Interlocked.Increment(ref _count) > most && _known.TryRemove(name, out _) ? Other : name;
    }
}
